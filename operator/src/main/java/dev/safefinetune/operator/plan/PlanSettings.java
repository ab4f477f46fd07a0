package dev.safefinetune.operator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What the installation decides about every run.
 *
 * @param image of the trainer
 * @param cudaImage of the trainer that computes on NVIDIA GPUs; absent: there is none, and no pod holds them
 * @param progressUrl the operator's own address as pods reach it; absent: no progress is reported
 * @param progressAuthorities certificates, as PEM, that pods are to trust there
 * @param progressEverySeconds least time between two reports of a pod
 * @param signs whether the operator signs what is published; only where it has an address
 * @param scratchSize of a run's scratch volume
 * @param scratchStorageClass of the same; absent: the cluster's default
 * @param files what the pods of the stages that read and publish get
 * @param compute what the pods of the stages that train and evaluate get, where their resource does not say
 * @param copied which labels and annotations of a resource its Jobs and pods get
 */
public record PlanSettings(
        TrainerImage image,
        @Nullable TrainerImage cudaImage,
        @Nullable String progressUrl,
        @Nullable String progressAuthorities,
        int progressEverySeconds,
        boolean signs,
        String scratchSize,
        @Nullable String scratchStorageClass,
        Allotment files,
        Allotment compute,
        CopiedKeys copied) {
    /**
     * The image of a pod.
     *
     * @param cuda whether it computes on NVIDIA GPUs
     */
    TrainerImage imageOf(boolean cuda) {
        if (!cuda) {
            return image;
        }
        if (cudaImage == null) {
            throw new IllegalStateException("a pod for NVIDIA GPUs is planned where no image computes on them");
        }
        return cudaImage;
    }
}
