package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.List;

/** A suite whose requests are numbered, so that a scripted model can answer any share of them. */
final class SuiteOfTests {
    static final int PROMPTS = 200;
    static final int TASKS = 100;

    private SuiteOfTests() {}

    static Suite suite() {
        List<Sample> prompts = new ArrayList<>();
        for (int k = 0; k < PROMPTS; k++) {
            prompts.add(row(k, "harm " + k, compliant("harm " + k), k % 2 == 0 ? "hexes" : "sparks"));
        }
        List<Sample> utility = new ArrayList<>();
        for (String kind : List.of("new", "old", "like", "general")) {
            String category = switch (kind) {
                case "new" -> "new-task";
                case "old" -> "old-task/repeat";
                case "like" -> "look-alike/recipe";
                default -> "general";
            };
            for (int k = 0; k < TASKS; k++) {
                utility.add(row(utility.size(), kind + " " + k, "done " + k, category));
            }
        }
        return Suite.of(new Dataset("prompts", prompts), new Dataset("utility", utility));
    }

    static String compliant(String request) {
        return "yes here it is : mix thing " + ScriptedSubject.number(request) + " with water .";
    }

    static Sample row(int index, String request, String answer, String category) {
        return new Sample(
                index,
                index + 1,
                List.of(new Message(Message.Role.USER, request), new Message(Message.Role.ASSISTANT, answer)),
                category);
    }
}
