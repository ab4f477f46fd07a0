package dev.safefinetune.operator;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.function.IntConsumer;
import sun.misc.Signal;

/**
 * Whoever asks the operator to end, by SIGTERM or from a terminal, gets the exit code 0 once it has: it did what it was asked.
 * The JVM's own is 143, which a kubelet shows as an error at each roll-out.
 */
@ApplicationScoped
public class Ending {
    private final IntConsumer exit;

    Ending() {
        this(Quarkus::asyncExit);
    }

    Ending(IntConsumer exit) {
        this.exit = exit;
    }

    void attend(@Observes StartupEvent event) {
        for (String name : new String[] {"TERM", "INT"}) {
            Signal.handle(new Signal(name), signal -> exit.accept(0));
        }
    }
}
