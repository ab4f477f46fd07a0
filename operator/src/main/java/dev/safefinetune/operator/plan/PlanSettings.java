package dev.safefinetune.operator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What the installation decides about every run.
 *
 * @param trainerImage the image of all stages
 * @param imagePullPolicy of the same; absent: the cluster's default
 * @param progressUrl the operator's own address as pods reach it; absent: no progress is reported
 * @param progressAuthorities certificates, as PEM, that pods are to trust there
 * @param progressEverySeconds least time between two reports of a pod
 * @param scratchSize of a run's scratch volume
 * @param scratchStorageClass of the same; absent: the cluster's default
 */
public record PlanSettings(
        String trainerImage,
        @Nullable String imagePullPolicy,
        @Nullable String progressUrl,
        @Nullable String progressAuthorities,
        int progressEverySeconds,
        String scratchSize,
        @Nullable String scratchStorageClass) {}
