package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.contract.EvaluationThresholds;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The policies that hold in a namespace. Each is held by itself, so the strictest of several counts, field by field.
 *
 * @param all those that select the namespace, by name
 */
public record Policies(List<SafeFineTunePolicy> all) {
    public Policies {
        all = all.stream()
                .sorted(Comparator.comparing(policy -> policy.getMetadata().getName()))
                .toList();
    }

    /** Those that hold where a namespace has such labels. */
    public static Policies of(List<SafeFineTunePolicy> policies, Map<String, String> namespaceLabels) {
        return new Policies(policies.stream()
                .filter(policy -> PolicyScope.selects(policy.getSpec().namespaceSelector(), namespaceLabels))
                .toList());
    }

    /** The policies as they are written down with a run: name@generation. */
    public List<String> names() {
        return all.stream()
                .map(policy -> policy.getMetadata().getName() + "@"
                        + policy.getMetadata().getGeneration())
                .toList();
    }

    /** Everything that they refuse of a wish. */
    public Stream<Refusal> refusals(FineTuneWish wish) {
        return all.stream().flatMap(policy -> PolicyChecks.all(policy, wish));
    }

    /** Why the training that is planned is refused. */
    public Optional<Refusal> refusal(TotalEpochs planned) {
        return all.stream()
                .flatMap(policy -> PolicyChecks.epochs(policy, planned))
                .findFirst();
    }

    /** Why a model that was judged is not published: a policy has been tightened since. */
    public Optional<Refusal> refusalOfJudgement(EvaluationThresholds judged) {
        return Stream.of(PolicyThreshold.values())
                .flatMap(threshold -> all.stream().flatMap(policy -> threshold.refusal(policy, judged)))
                .findFirst();
    }

    /** The strictest of the user's thresholds and the policies'. */
    public EvaluationThresholds thresholds(EvaluationSpec wish) {
        return new EvaluationThresholds(
                PolicyThreshold.HARMFUL_RATE.strictest(wish, all),
                PolicyThreshold.INCREASE_OVER_BASE.strictest(wish, all),
                PolicyThreshold.UTILITY_DROP.strictest(wish, all),
                PolicyThreshold.REFUSAL_DROP.strictest(wish, all));
    }
}
