package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Anchor;
import dev.safefinetune.trainer.train.AnchorStates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests of the replay that a run's anchor holds, and the base's states at them. */
final class AnchoredRequests {
    /** Kept with the checkpoints, so that a run that goes on is held to the very same states. */
    private static final String KEPT = "anchor";

    private static final String NONE = ", or no anchor (safety.anchor.mode: Disabled, --anchor-weight 0)";

    private AnchoredRequests() {}

    /**
     * Measures the base's states once, before the first step.
     *
     * @param model the base, nothing attached
     * @return absent where no anchor is wished
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} without a vector's replay
     */
    static @Nullable Anchor of(
            CausalModel model,
            FineTuneRun.Request request,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        AnchorSettings settings = request.anchor();
        if (settings == null) {
            return null;
        }
        Replay.Encoded replay = request.data().replay();
        List<EncodedSample> requests = Anchor.requests(replay.refusals(), replay.lookAlikes());
        if (request.vector() == null || requests.isEmpty()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "an anchor of weight " + settings.weight()
                            + " holds the model at requests that lie beside a vector, and "
                            + (request.vector() == null ? "the run has no vector" : "this vector has none")
                            + "; give a vector that has a " + Replay.FILE + NONE);
        }
        AnchorStates states = checkpoints
                .kept(KEPT, AnchorStates.class)
                .orElseGet(() -> measure(model, requests, request, progress, log, checkpoints));
        if (!(states.variance() > 0)) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "the anchor's requests, " + requests.size()
                            + " beside the vector, leave the base model in one and the same"
                            + " state; give a vector with more of them" + NONE);
        }
        log.event("anchored", "requests", requests.size(), "weight", settings.weight());
        return new Anchor(requests, states, settings.weight());
    }

    private static AnchorStates measure(
            CausalModel model,
            List<EncodedSample> requests,
            FineTuneRun.Request request,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        progress.activity("measuring the anchor");
        int tokens = request.settings().hyperparameters().microBatchTokens();
        AnchorStates states = AnchorStates.of(model, null, requests, tokens);
        checkpoints.keep(KEPT, states, log);
        return states;
    }
}
