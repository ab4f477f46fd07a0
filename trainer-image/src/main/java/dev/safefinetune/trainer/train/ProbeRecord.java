package dev.safefinetune.trainer.train;

/**
 * Losses of one fixed handful of the training samples during training, per answer token in nats, without gradients.
 *
 * @param step after which step; 0 before the first
 * @param lossOn with the vector attached; equal to {@code lossOff} where none is used
 * @param lossOff with the vector off
 */
public record ProbeRecord(int step, double lossOn, double lossOff) {}
