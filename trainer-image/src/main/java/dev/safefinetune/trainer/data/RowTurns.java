package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.trainer.data.Message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns that a row has beside its form: an instruction for the system, and what was said before. */
final class RowTurns {
    /** Without case and separators. */
    private static final Set<String> SYSTEM = Set.of("system", "systemprompt", "systemmessage", "systeminstruction");

    private static final String HISTORY = "history";

    private RowTurns() {}

    /** A row's turns with its {@code system} as the first of them. */
    static List<Message> withSystem(JsonNode row, List<Message> messages) {
        List<Message> all = new ArrayList<>(messages);
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            if (!isSystem(TrainingFields.plain(field.getKey())) || TrainingFields.isEmpty(field.getValue())) {
                continue;
            }
            Message system = new Message(Role.SYSTEM, Texts.read(field.getValue(), field.getKey()));
            if (all.getFirst().role() != Role.SYSTEM) {
                all.addFirst(system);
            } else if (!all.getFirst().equals(system)) {
                throw new RowException(
                        "has " + field.getKey() + " beside another text of role system: keep one of them");
            }
        }
        return all;
    }

    /** Whether a name, without case and separators, is one of an instruction for the system. */
    static boolean isSystem(String name) {
        return SYSTEM.contains(name);
    }

    /** What {@code history} holds: turns, or pairs of a request and its answer. */
    static List<Message> history(JsonNode row) {
        JsonNode history = row.path(HISTORY);
        if (history.isMissingNode() || TrainingFields.isEmpty(history)) {
            return List.of();
        }
        if (history.isArray() && history.get(0).isObject()) {
            return TurnReader.read(history, HISTORY);
        }
        List<Message> turns = new ArrayList<>();
        for (int i = 0; i < history.size() || i == 0; i++) {
            JsonNode pair = history.path(i);
            if (!pair.isArray() || pair.size() != 2) {
                throw new RowException("has history that is no list of turns, nor of pairs [request, answer]");
            }
            String at = HISTORY + "[" + i + "]";
            turns.add(new Message(Role.USER, Texts.read(pair.get(0), at + "[0]")));
            turns.add(new Message(Role.ASSISTANT, Texts.read(pair.get(1), at + "[1]")));
        }
        return turns;
    }
}
