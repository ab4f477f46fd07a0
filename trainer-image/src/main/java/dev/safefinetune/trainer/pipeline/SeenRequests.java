package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a run trains on asks for, whatever its case and spaces. A suite that a repair is judged on must ask for other things. */
final class SeenRequests {
    private final Map<String, String> seen = new HashMap<>();

    /**
     * Notes what rows ask for. Texts ask for nothing.
     *
     * @param dataset how a message names it
     */
    SeenRequests and(List<Sample> rows, String dataset) {
        for (Sample row : rows) {
            row.messages().stream()
                    .filter(turn -> turn.role() == Message.Role.USER)
                    .forEach(turn ->
                            seen.putIfAbsent(HeldOut.text(turn), "line " + row.line() + " of dataset " + dataset));
        }
        return this;
    }

    /**
     * Refuses a suite that asks the same.
     *
     * @param name of its prompts
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming both lines
     */
    void refuse(Suite suite, String name) {
        for (Sample prompt : suite.prompts()) {
            String where = seen.get(HeldOut.text(prompt.prompt().messages().getLast()));
            if (where != null) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "dataset " + name + " line " + prompt.line() + " asks what " + where
                                + " asks; with repair Once no request of the suite may be trained on. Take it out of one of"
                                + " them, or set repair to Disabled");
            }
        }
    }
}
