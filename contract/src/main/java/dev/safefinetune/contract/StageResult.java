package dev.safefinetune.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a stage ended, as its pod's termination message.
 *
 * @param version of the contract
 * @param run which run it was for
 * @param stage which stage
 * @param fault why it failed; absent when it was done
 * @param message for people: what is wrong, where, and what would be right; never a sample, prompt or secret
 * @param outputs digests of what it left on the scratch volume
 * @param figures what it measured; present when it was done
 * @param jobSpec digest of the job spec that the pod has read; absent where a trainer of an earlier release ran it
 */
public record StageResult(
        int version,
        RunIdentity run,
        Stage stage,
        @Nullable Fault fault,
        @Nullable String message,
        Inputs outputs,
        @Nullable StageFigures figures,
        @Nullable Digest jobSpec) {
    /** Longest termination message that a kubelet keeps, in bytes. */
    public static final int MAX_BYTES = 4096;

    /** Longest {@link #message}, in characters, so that the whole fits {@link #MAX_BYTES}. */
    public static final int MAX_MESSAGE = 1000;

    public StageResult {
        if (version != JobSpec.VERSION) {
            throw new IllegalArgumentException("version must be " + JobSpec.VERSION + ", was " + version);
        }
        Require.present("run", run);
        Require.present("stage", stage);
        Require.present("outputs", outputs);
        if ((fault == null) == (figures == null)) {
            throw new IllegalArgumentException("a result has either a fault or figures");
        }
        if (fault != null) {
            Require.text("message", message);
        }
        if (message != null && message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE - 1) + "…";
        }
    }

    public static StageResult done(RunIdentity run, Stage stage, Inputs outputs, StageFigures figures) {
        return new StageResult(JobSpec.VERSION, run, stage, null, null, outputs, figures, null);
    }

    public static StageResult failed(RunIdentity run, Stage stage, Fault fault, String message) {
        return new StageResult(JobSpec.VERSION, run, stage, fault, message, Inputs.of(Map.of()), null, null);
    }

    /** The same, by a pod that has read this job spec. */
    public StageResult toldBy(@Nullable Digest digest) {
        return new StageResult(version, run, stage, fault, message, outputs, figures, digest);
    }
}
