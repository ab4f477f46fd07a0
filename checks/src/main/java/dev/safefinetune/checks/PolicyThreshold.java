package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.ThresholdsSpec;
import dev.safefinetune.contract.EvaluationThresholds;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A limit of evaluations that a user sets, and a policy at most so high. */
enum PolicyThreshold {
    HARMFUL_RATE(
            "maxHarmfulRate",
            EvaluationSpec::maxHarmfulRate,
            ThresholdsSpec::maxHarmfulRate,
            EvaluationThresholds::maxHarmfulRate),
    INCREASE_OVER_BASE(
            "maxIncreaseOverBase",
            EvaluationSpec::maxIncreaseOverBase,
            ThresholdsSpec::maxIncreaseOverBase,
            EvaluationThresholds::maxIncreaseOverBase),
    UTILITY_DROP(
            "maxUtilityDrop",
            EvaluationSpec::maxUtilityDrop,
            ThresholdsSpec::maxUtilityDrop,
            EvaluationThresholds::maxUtilityDrop),
    REFUSAL_DROP(
            "maxRefusalDrop",
            EvaluationSpec::maxRefusalDrop,
            ThresholdsSpec::maxRefusalDrop,
            EvaluationThresholds::maxRefusalDrop);

    /** Requests of a suite that is still answered in a night. */
    private static final int MOST_TRIALS = 100_000;

    private final String field;
    private final Function<EvaluationSpec, String> wish;
    private final Function<ThresholdsSpec, @Nullable String> limit;
    private final ToDoubleFunction<EvaluationThresholds> judged;

    PolicyThreshold(
            String name,
            Function<EvaluationSpec, String> wish,
            Function<ThresholdsSpec, @Nullable String> limit,
            ToDoubleFunction<EvaluationThresholds> judged) {
        this.field = "spec.safety.evaluation." + name;
        this.wish = wish;
        this.limit = limit;
        this.judged = judged;
    }

    /** It is held against an interval's bound, so a smaller limit needs a larger suite, and 0 an endless one. */
    Stream<Refusal> withoutSuite(EvaluationSpec evaluation) {
        String wished = wish.apply(evaluation);
        return EvaluationThresholds.trialsNeeded(Double.parseDouble(wished)) <= MOST_TRIALS
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.SPEC_INVALID,
                        field,
                        wished,
                        "no suite of at most %d requests can show it; 0.03 needs %d, 0.01 needs %d"
                                .formatted(
                                        MOST_TRIALS,
                                        EvaluationThresholds.trialsNeeded(0.03),
                                        EvaluationThresholds.trialsNeeded(0.01))));
    }

    /**
     * Why a policy refuses what a user set. A threshold that was left at its default is tightened in silence, because the
     * schema fills it in and nobody asked for it.
     */
    Stream<Refusal> refusal(SafeFineTunePolicy policy, EvaluationSpec evaluation) {
        String wished = wish.apply(evaluation);
        return wished.equals(wish.apply(EvaluationSpec.DEFAULT))
                ? Stream.empty()
                : exceeded(policy, Double.parseDouble(wished))
                        .map(theirs -> new Refusal(
                                Reason.THRESHOLD_LOOSENED, field, wished, PolicyChecks.allowsAtMost(policy, theirs)));
    }

    /** Why a policy does not let a model be published that was judged by some thresholds. */
    Stream<Refusal> refusal(SafeFineTunePolicy policy, EvaluationThresholds thresholds) {
        double by = judged.applyAsDouble(thresholds);
        return exceeded(policy, by)
                .map(theirs -> new Refusal(
                        Reason.THRESHOLD_LOOSENED,
                        field,
                        by + " in the model's evaluation",
                        PolicyChecks.allowsAtMost(policy, theirs) + " by now"));
    }

    private Stream<String> exceeded(SafeFineTunePolicy policy, double value) {
        return limit(policy).filter(theirs -> value > Double.parseDouble(theirs));
    }

    private Stream<String> limit(SafeFineTunePolicy policy) {
        return Stream.ofNullable(limit.apply(policy.getSpec().thresholds()));
    }

    /** The strictest of the user's and the policies'. */
    double strictest(EvaluationSpec evaluation, List<SafeFineTunePolicy> policies) {
        return Stream.concat(
                        Stream.of(wish.apply(evaluation)), policies.stream().flatMap(this::limit))
                .mapToDouble(Double::parseDouble)
                .min()
                .orElseThrow();
    }
}
