package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.PolicyRule;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicySpec;
import dev.safefinetune.api.v1alpha1.WaiverSpec;
import dev.safefinetune.contract.ServedSuite;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A policy that holds in a namespace.
 *
 * @param policy itself
 * @param others of the same namespace that are enforced at least as strictly: what it leaves open, they may pin
 * @param asked suites of the platform that every run of the namespace is judged by, whichever policy asks them
 */
record PolicyInForce(SafeFineTunePolicy policy, List<SafeFineTunePolicy> others, List<ServedSuite> asked) {
    SafeFineTunePolicySpec spec() {
        return policy.getSpec();
    }

    String name() {
        return policy.getMetadata().getName();
    }

    /** The beginning of what it says of itself. */
    String speaks() {
        return "policy " + name() + " ";
    }

    /** As it is written down with a run. */
    static String written(SafeFineTunePolicy policy) {
        return policy.getMetadata().getName() + "@" + policy.getMetadata().getGeneration();
    }

    /** The policies whose pins of a kind count for this one: its own, or, where it has none, the others'. */
    List<SafeFineTunePolicySpec> pinning(Predicate<SafeFineTunePolicySpec> pins) {
        return pins.test(spec())
                ? List.of(spec())
                : others.stream().map(SafeFineTunePolicy::getSpec).filter(pins).toList();
    }

    /** The waiver that lifts a rule for somebody; one that has ended lifts nothing. */
    static Optional<WaiverSpec> waiver(SafeFineTunePolicy policy, PolicyRule rule, PolicySubject subject) {
        List<WaiverSpec> waivers = policy.getSpec().waivers();
        return waivers == null
                ? Optional.empty()
                : waivers.stream()
                        .filter(waiver -> waiver.waives().contains(rule))
                        .filter(waiver -> waiver.namespace().equals(subject.namespace()))
                        .filter(waiver -> waiver.name() == null || waiver.name().equals(subject.name()))
                        .filter(waiver -> !Policies.isOver(waiver, subject.now()))
                        .findFirst();
    }
}
