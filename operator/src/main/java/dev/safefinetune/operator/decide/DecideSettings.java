package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.RunSpec;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.operator.observe.RunFacts;
import java.time.Duration;

/**
 * What the installation decides about decisions.
 *
 * @param patience how long after a resource was made the things that it names may be missing before it is stalled:
 *     manifests of one set are applied one by one
 * @param gpus that a pod holds which trains or evaluates, where its resource does not say
 * @param cudaImage whether there is an image that computes on NVIDIA GPUs
 * @param servesSuites whether pods can fetch suites of the platform from the operator
 */
public record DecideSettings(Duration patience, int gpus, boolean cudaImage, boolean servesSuites) {
    /** An installation counts GPUs as a resource does. */
    private static final int MOST_GPUS = 1024;

    public DecideSettings {
        if (gpus < 0 || gpus > MOST_GPUS) {
            throw new IllegalArgumentException(
                    "safe-fine-tune.trainer.gpus must be in 0.." + MOST_GPUS + ", was " + gpus);
        }
    }

    /** The GPUs of a run's pods. */
    public Gpus gpusOf(RunSpec spec, RunFacts run) {
        return Gpus.of(spec.resources(), gpus, run.training());
    }
}
