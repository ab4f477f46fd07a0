package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.Enforcement;
import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.HeldPolicy;
import dev.safefinetune.api.v1alpha1.PolicyRule;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.UsedWaiver;
import dev.safefinetune.api.v1alpha1.WaiverSpec;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.ServedSuite;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies that hold in a namespace. Each is held by itself, so the strictest of several counts, field by field.
 *
 * @param all those that select the namespace, by name
 * @param subject who is held to them, and when
 */
public record Policies(List<SafeFineTunePolicy> all, PolicySubject subject) {
    /** Most sentences of a policy that are written down; the rest shows once these are mended. */
    private static final int MOST_SENTENCES = 16;

    public Policies {
        all = all.stream()
                .sorted(Comparator.comparing(policy -> policy.getMetadata().getName()))
                .toList();
    }

    /** Those that hold for somebody where the namespace has such labels. */
    public static Policies of(
            List<SafeFineTunePolicy> policies, Map<String, String> namespaceLabels, PolicySubject subject) {
        return new Policies(selecting(policies, namespaceLabels), subject);
    }

    /** Those that select a namespace with such labels. */
    public static List<SafeFineTunePolicy> selecting(
            List<SafeFineTunePolicy> policies, Map<String, String> namespaceLabels) {
        return policies.stream()
                .filter(policy -> PolicyScope.selects(policy.getSpec().namespaceSelector(), namespaceLabels))
                .toList();
    }

    /** The policies as they are written down with a run: name@generation. */
    public List<String> names() {
        return all.stream().map(PolicyInForce::written).toList();
    }

    /** What they say of a run, by what is known of it. */
    public Ruling ruling(Evidence evidence) {
        List<Refusal> refusals = new ArrayList<>();
        List<Refusal> notEnforced = new ArrayList<>();
        List<HeldPolicy> held = new ArrayList<>();
        List<ServedSuite> asked = platformSuites();
        for (SafeFineTunePolicy policy : all) {
            PolicyInForce inForce = inForce(policy, asked);
            Enforcement enforcement = policy.getSpec().enforcement();
            SortedMap<PolicyRule, UsedWaiver> waivers = new TreeMap<>();
            List<Refusal> left = new ArrayList<>();
            PolicyChecks.all(inForce, evidence)
                    .forEach(objection -> PolicyInForce.waiver(policy, objection.rule(), subject)
                            .ifPresentOrElse(
                                    waiver -> waivers.put(
                                            objection.rule(),
                                            new UsedWaiver(objection.rule(), waiver.until(), waiver.reason())),
                                    () -> left.add(objection.refusal())));
            boolean enforced = enforcement == Enforcement.ENFORCE;
            (enforced ? refusals : notEnforced).addAll(left);
            held.add(new HeldPolicy(
                    PolicyInForce.written(policy),
                    enforcement,
                    waivers.isEmpty() ? null : List.copyOf(waivers.values()),
                    enforced || left.isEmpty() ? null : sentences(left)));
        }
        return new Ruling(refusals, notEnforced, held);
    }

    private static List<String> sentences(List<Refusal> refusals) {
        return refusals.stream()
                .map(Refusal::message)
                .distinct()
                .limit(MOST_SENTENCES)
                .toList();
    }

    private PolicyInForce inForce(SafeFineTunePolicy policy, List<ServedSuite> asked) {
        return new PolicyInForce(
                policy,
                all.stream()
                        .filter(other -> other != policy)
                        .filter(other -> other.getSpec()
                                        .enforcement()
                                        .compareTo(policy.getSpec().enforcement())
                                >= 0)
                        .toList(),
                asked);
    }

    /** Policies that are enforced, and of which a rule is not waived. */
    private List<SafeFineTunePolicy> enforcing(PolicyRule rule) {
        return all.stream()
                .filter(policy -> policy.getSpec().enforcement() == Enforcement.ENFORCE)
                .filter(policy -> PolicyInForce.waiver(policy, rule, subject).isEmpty())
                .toList();
    }

    /** The suites of the platform that a run is judged by, by name: those of all policies that are enforced and not waived. */
    public List<ServedSuite> platformSuites() {
        return enforcing(PolicyRule.SUITES).stream()
                .map(policy -> policy.getSpec().suites().platform())
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .map(suite -> new ServedSuite(suite.configMap(), new Digest(suite.prompts()), digest(suite.utility())))
                .distinct()
                .sorted(Comparator.comparing(ServedSuite::name)
                        .thenComparing(suite -> suite.prompts().value()))
                .toList();
    }

    private static @Nullable Digest digest(@Nullable String value) {
        return value == null ? null : new Digest(value);
    }

    /** The strictest of the user's thresholds and those of the policies that are enforced and not waived. */
    public EvaluationThresholds thresholds(EvaluationSpec wish) {
        List<SafeFineTunePolicy> strict = enforcing(PolicyRule.THRESHOLDS);
        return new EvaluationThresholds(
                PolicyThreshold.HARMFUL_RATE.strictest(wish, strict),
                PolicyThreshold.INCREASE_OVER_BASE.strictest(wish, strict),
                PolicyThreshold.UTILITY_DROP.strictest(wish, strict),
                PolicyThreshold.REFUSAL_DROP.strictest(wish, strict));
    }

    /** Whether a waiver has ended. */
    public static boolean isOver(WaiverSpec waiver, Instant now) {
        try {
            return !now.isBefore(Instant.parse(waiver.until()));
        } catch (DateTimeException e) {
            // Such as the 30th of February, which the schema lets in: no reason to let a run pass.
            return true;
        }
    }
}
