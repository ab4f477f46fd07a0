package dev.safefinetune.operator.plan;

import org.jspecify.annotations.Nullable;

/**
 * An image of the trainer.
 *
 * @param name its reference
 * @param pullPolicy when it is pulled; absent: the cluster's default
 */
public record TrainerImage(String name, @Nullable String pullPolicy) {}
