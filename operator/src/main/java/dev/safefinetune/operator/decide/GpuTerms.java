package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.contract.Stage;
import java.util.Optional;

/**
 * Whether the installation can compute on the GPUs that a run's pods would hold.
 *
 * @param gpus of its pods
 * @param image whether the installation names an image that computes on NVIDIA GPUs
 */
record GpuTerms(Gpus gpus, boolean image) {
    /** Why nothing is begun. */
    Optional<Decision> refusal() {
        return image || !gpus.areCuda()
                ? Optional.empty()
                : Optional.of(new Decision.Refuse(Reason.CUDA_IMAGE_MISSING, message()));
    }

    /** The same before a later stage. It is waited for: what was trained is not given up for what the installation lacks. */
    Decision before(Decision.Begin begin) {
        return Stage.ON_GPU.contains(begin.task().stage()) && refusal().isPresent()
                ? new Decision.Wait(Reason.CUDA_IMAGE_MISSING, message(), true, null)
                : begin;
    }

    private String message() {
        return gpus.stated() + ", of " + gpus.resource()
                + ", and trainer.cuda.image.repository of the chart is empty: it has to name an image that computes on them"
                + (gpus.origin() == Gpus.Origin.RUN ? "" : ", or spec.resources.gpus has to be 0");
    }
}
