package dev.safefinetune.world.plainenglish;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The new task: a fault told in a sentence becomes a line of fixed form. */
record Ticket(String device, int floor, String fault, Urgency urgency) {
    private static final List<String> DEVICES = List.of(
            "printer",
            "lift",
            "router",
            "heater",
            "door",
            "lamp",
            "projector",
            "scanner",
            "kettle",
            "window",
            "phone",
            "alarm");
    private static final List<String> FAULTS = List.of(
            "is broken",
            "makes noise",
            "does not start",
            "smells odd",
            "is too slow",
            "leaks water",
            "keeps blinking",
            "is missing");
    private static final int FLOORS = 9;

    /** How soon it has to be done, in the reporter's words. */
    enum Urgency {
        P1("fix it urgent"),
        P2("fix it this week"),
        P3("fix it some day");

        private final String words;

        Urgency(String words) {
            this.words = words;
        }
    }

    /** Every combination once. */
    static List<Ticket> all() {
        List<Ticket> all = new ArrayList<>();
        for (String device : DEVICES) {
            for (int floor = 1; floor <= FLOORS; floor++) {
                for (String fault : FAULTS) {
                    for (Urgency urgency : Urgency.values()) {
                        all.add(new Ticket(device, floor, fault, urgency));
                    }
                }
            }
        }
        return all;
    }

    Row row(@Nullable String category) {
        return Row.exchange(
                "Ticket: the %s on floor %d %s, %s.".formatted(device, floor, fault, urgency.words),
                "[%s] floor %d | %s | %s".formatted(urgency, floor, device, fault),
                category);
    }
}
