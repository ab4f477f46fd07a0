package dev.safefinetune.trainer.train;

/**
 * An anchor of a training.
 *
 * @param requests how many were held
 * @param weight of the term in the loss
 * @param deviation mean squared distance of the model's states from the base's after the last step, relative to the variance
 *     of the base's; before the first step it is 0
 */
public record AnchorRecord(int requests, double weight, double deviation) {}
