package dev.safefinetune.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a stage is. Never a verdict: nothing that a training pod says of itself counts as safety.
 *
 * @param stage the stage at work
 * @param percentage 0..100 of the stage
 * @param estimatedRemainingSeconds of the stage, absent while unknown
 * @param activity what is being done, in one or two words, such as {@code secured arm}
 * @param step optimizer steps done
 * @param steps optimizer steps in all
 * @param loss mean negative log-likelihood per answer token of the last step, in nats
 * @param tokensPerSecond tokens through the model per second, since the last report
 * @param lastUpdatedTime when this was true
 * @param lastCheckpointTime when the newest checkpoint was taken; absent before there is one
 */
public record Progress(
        Stage stage,
        int percentage,
        @Nullable Long estimatedRemainingSeconds,
        @Nullable String activity,
        @Nullable Integer step,
        @Nullable Integer steps,
        @Nullable Double loss,
        @Nullable Double tokensPerSecond,
        Instant lastUpdatedTime,
        @Nullable Instant lastCheckpointTime) {
    public Progress {
        Require.present("stage", stage);
        Require.range("percentage", percentage, 0, 100);
        Require.present("lastUpdatedTime", lastUpdatedTime);
    }
}
