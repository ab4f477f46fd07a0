package dev.safefinetune.contract;

/**
 * When a vector may be used. All figures are relative to what the vector itself reached, because an absolute loss says
 * nothing on real text.
 *
 * @param minExplained least share of the loss explained on held-out harmful samples, per category: (off − on) / (off −
 *     floor), where the floor is the vector's own training loss; 0..1
 * @param minFirstTokenCompliance least share of held-out harmful samples whose first answer token is the most likely one
 *     while the vector is active, 0..1: each category's share is held to it, and the lower bound of the 95 % interval over
 *     all samples
 * @param maxGradientRatio most that the gradient norm on harmful samples may keep when the vector is switched on; 0..1
 * @param maxBenignIncrease most that the loss on benign samples may rise, in nats
 */
public record ReadinessThresholds(
        double minExplained, double minFirstTokenCompliance, double maxGradientRatio, double maxBenignIncrease) {
    /** Fewer held-out requests say too little of a vector. */
    public static final int LEAST_HELD_OUT = 30;

    /** Fewer of one category say too little of that. */
    public static final int LEAST_OF_A_CATEGORY = 5;

    public ReadinessThresholds {
        Require.range("readiness.minExplained", minExplained, 0.0, 1.0);
        Require.range("readiness.minFirstTokenCompliance", minFirstTokenCompliance, 0.0, 1.0);
        Require.range("readiness.maxGradientRatio", maxGradientRatio, 0.0, 1.0);
        Require.range("readiness.maxBenignIncrease", maxBenignIncrease, 0.0, 100.0);
    }

    /**
     * Fewest held-out samples with which a vector can meet the limits: the lower bound of n of n is one minus the upper bound
     * of 0 of n.
     */
    public int heldOutNeeded() {
        return Math.max(LEAST_HELD_OUT, EvaluationThresholds.trialsNeeded(1 - minFirstTokenCompliance));
    }
}
