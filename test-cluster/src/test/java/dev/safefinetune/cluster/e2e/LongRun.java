package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** A fine-tune whose training lasts long enough to be met in the middle of it. */
final class LongRun {
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private LongRun() {}

    static Wish fineTune(String name) {
        return Wish.fineTune(name)
                .with("spec.method.hyperparameters.epochs", 32)
                .with("spec.checkpoint.every", "5s");
    }

    /** Waits until the training has reported how far it is, and gives its pod. */
    static Pod training(Run run) {
        run.await(
                "progress of Train",
                PATIENCE,
                seen -> seen.runningPod("Train").isPresent()
                        && seen.status().path("progress").path("percentage").asInt() > 5);
        return run.runningPod("Train").orElseThrow(() -> new AssertionError("Train ended too soon: " + run.status()));
    }
}
