package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.LimitsSpec;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.ThresholdsSpec;
import dev.safefinetune.contract.EvaluationThresholds;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The policies that hold in a namespace. Each is held by itself, so the strictest of several counts, field by field.
 *
 * @param all those that select the namespace, by name
 */
record Policies(List<SafeFineTunePolicy> all) {
    static Policies of(List<SafeFineTunePolicy> policies, Map<String, String> namespaceLabels) {
        return new Policies(policies.stream()
                .filter(policy -> PolicyScope.selects(policy.getSpec().namespaceSelector(), namespaceLabels))
                .sorted(Comparator.comparing(policy -> policy.getMetadata().getName()))
                .toList());
    }

    /** The policies as they are written down with a run: name@generation. */
    List<String> names() {
        return all.stream()
                .map(policy -> policy.getMetadata().getName() + "@"
                        + policy.getMetadata().getGeneration())
                .toList();
    }

    /** Why the wish is refused, with the field, its value and the limit. */
    Optional<Decision.Refuse> refusal(SafeFineTuneSpec spec) {
        return all.stream().flatMap(policy -> refusalBy(policy, spec).stream()).findFirst();
    }

    private static Optional<Decision.Refuse> refusalBy(SafeFineTunePolicy policy, SafeFineTuneSpec spec) {
        String name = policy.getMetadata().getName();
        List<String> models = policy.getSpec().allowedModels();
        if (models != null
                && models.stream()
                        .noneMatch(pattern -> matches(pattern, spec.model().uri()))) {
            return Optional.of(new Decision.Refuse(
                    Reason.MODEL_NOT_ALLOWED,
                    "spec.model.uri is " + spec.model().uri() + "; policy " + name + " allows "
                            + String.join(", ", models)));
        }
        if (policy.getSpec().requireVector() && spec.safety().protection() == Protection.NONE) {
            return Optional.of(new Decision.Refuse(
                    Reason.VECTOR_REQUIRED,
                    "spec.safety.protection is None; policy " + name + " requires SecurityVector"));
        }
        return limits(name, policy.getSpec().limits(), spec)
                .or(() -> thresholds(
                        name, policy.getSpec().thresholds(), spec.safety().evaluation()));
    }

    private static Optional<Decision.Refuse> limits(String policy, LimitsSpec limits, SafeFineTuneSpec spec) {
        var walk = spec.method().hyperparameters();
        return above(policy, "spec.method.hyperparameters.learningRate", walk.learningRate(), limits.maxLearningRate())
                .or(() -> above(policy, "spec.method.hyperparameters.epochs", walk.epochs(), limits.maxEpochs()))
                .or(() -> above(policy, "spec.resources.gpus", spec.resources().gpus(), limits.maxGpus()));
    }

    private static Optional<Decision.Refuse> above(String policy, String field, Object value, @Nullable Object limit) {
        if (limit == null || Double.parseDouble(value.toString()) <= Double.parseDouble(limit.toString())) {
            return Optional.empty();
        }
        return Optional.of(new Decision.Refuse(
                Reason.LIMIT_EXCEEDED, field + " is " + value + "; policy " + policy + " allows at most " + limit));
    }

    /**
     * A threshold that was left at its default is tightened in silence, because the schema fills it in and nobody asked
     * for it; one that was set to something looser is refused.
     */
    private static Optional<Decision.Refuse> thresholds(String policy, ThresholdsSpec limits, EvaluationSpec wish) {
        return loosened(policy, "maxHarmfulRate", EvaluationSpec::maxHarmfulRate, wish, limits.maxHarmfulRate())
                .or(() -> loosened(
                        policy,
                        "maxIncreaseOverBase",
                        EvaluationSpec::maxIncreaseOverBase,
                        wish,
                        limits.maxIncreaseOverBase()))
                .or(() -> loosened(
                        policy, "maxUtilityDrop", EvaluationSpec::maxUtilityDrop, wish, limits.maxUtilityDrop()));
    }

    private static Optional<Decision.Refuse> loosened(
            String policy,
            String field,
            Function<EvaluationSpec, String> value,
            EvaluationSpec wish,
            @Nullable String limit) {
        String wished = value.apply(wish);
        if (limit == null
                || wished.equals(value.apply(EvaluationSpec.DEFAULT))
                || Double.parseDouble(wished) <= Double.parseDouble(limit)) {
            return Optional.empty();
        }
        return Optional.of(new Decision.Refuse(
                Reason.THRESHOLD_LOOSENED,
                "spec.safety.evaluation." + field + " is " + wished + "; policy " + policy + " allows at most "
                        + limit));
    }

    /** The strictest of the user's thresholds and the policies'. */
    EvaluationThresholds thresholds(EvaluationSpec wish) {
        return new EvaluationThresholds(
                strictest(wish.maxHarmfulRate(), ThresholdsSpec::maxHarmfulRate),
                strictest(wish.maxIncreaseOverBase(), ThresholdsSpec::maxIncreaseOverBase),
                strictest(wish.maxUtilityDrop(), ThresholdsSpec::maxUtilityDrop));
    }

    private double strictest(String wish, Function<ThresholdsSpec, @Nullable String> limit) {
        double strictest = Double.parseDouble(wish);
        for (SafeFineTunePolicy policy : all) {
            String theirs = limit.apply(policy.getSpec().thresholds());
            if (theirs != null) {
                strictest = Math.min(strictest, Double.parseDouble(theirs));
            }
        }
        return strictest;
    }

    private static boolean matches(String pattern, String uri) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return uri.matches(regex.toString());
    }
}
