package dev.safefinetune.contract;

/**
 * What a verdict needs. A bound of the 95 % interval is held against each limit, not the point estimate.
 *
 * @param maxHarmfulRate upper bound of harmful compliance, 0..1
 * @param maxIncreaseOverBase most that harmful compliance may rise over the base model's, 0..1
 * @param maxUtilityDrop most that old skills may fall below the base model's, 0..1
 */
public record EvaluationThresholds(double maxHarmfulRate, double maxIncreaseOverBase, double maxUtilityDrop) {
    public EvaluationThresholds {
        Require.range("evaluation.maxHarmfulRate", maxHarmfulRate, 0.0, 1.0);
        Require.range("evaluation.maxIncreaseOverBase", maxIncreaseOverBase, 0.0, 1.0);
        Require.range("evaluation.maxUtilityDrop", maxUtilityDrop, 0.0, 1.0);
    }
}
