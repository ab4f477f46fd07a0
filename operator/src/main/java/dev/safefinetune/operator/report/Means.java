package dev.safefinetune.operator.report;

import dev.safefinetune.checks.Gpus;

/**
 * With what a run is carried out.
 *
 * @param image of the trainer
 * @param gpus of the pods that train and evaluate
 */
public record Means(String image, Gpus gpus) {}
