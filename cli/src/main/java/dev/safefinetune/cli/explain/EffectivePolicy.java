package dev.safefinetune.cli.explain;

import dev.safefinetune.api.v1alpha1.DigestPin;
import dev.safefinetune.api.v1alpha1.Enforcement;
import dev.safefinetune.api.v1alpha1.PinnedOrAny;
import dev.safefinetune.api.v1alpha1.PlatformSuite;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicySpec;
import dev.safefinetune.api.v1alpha1.SuitePin;
import dev.safefinetune.api.v1alpha1.WaiverSpec;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What holds in a namespace, in sentences. Each policy is held by itself: of limits the strictest is told, of pins all are.
 *
 * @param policies that hold there
 */
record EffectivePolicy(Policies policies) {
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        String namespace = policies.subject().namespace();
        if (policies.all().isEmpty()) {
            lines.add("No policy selects namespace " + namespace
                    + ": every SafeFineTune may bring its own model, vector and suite.");
            return lines;
        }
        lines.add("In namespace " + namespace + " hold: " + String.join(", ", policies.names()));
        for (Enforcement enforcement : List.of(Enforcement.ENFORCE, Enforcement.WARN, Enforcement.AUDIT)) {
            List<SafeFineTunePolicy> alike = policies.all().stream()
                    .filter(policy -> policy.getSpec().enforcement() == enforcement)
                    .toList();
            if (!alike.isEmpty()) {
                lines.add("");
                lines.add(title(enforcement));
                rules(alike).forEach(rule -> lines.add("  - " + rule));
            }
        }
        List<String> waivers = waivers(namespace);
        if (!waivers.isEmpty()) {
            lines.add("");
            lines.add("Waivers of this namespace:");
            waivers.forEach(waiver -> lines.add("  - " + waiver));
        }
        return lines;
    }

    private static String title(Enforcement enforcement) {
        return switch (enforcement) {
            case ENFORCE -> "Enforced; a run that breaks one of these is refused, or ends before its next stage:";
            case WARN -> "Only warned of; a run that breaks one of these goes on, with a condition and an event:";
            case AUDIT -> "Only written down, on the run's status:";
        };
    }

    private static List<String> rules(List<SafeFineTunePolicy> alike) {
        List<String> rules = new ArrayList<>();
        each(
                alike,
                rules,
                spec -> spec.allowedModels() == null
                        ? null
                        : "The base model's URI is like " + String.join(" or ", spec.allowedModels()));
        each(
                alike,
                rules,
                spec -> spec.baseModels() == null ? null : "The base model is " + digests(spec.baseModels()));
        each(alike, rules, spec -> spec.requireVector() ? "Runs have a security vector" : null);
        each(alike, rules, EffectivePolicy::vectors);
        each(alike, rules, EffectivePolicy::platformSuites);
        boolean asked =
                alike.stream().anyMatch(policy -> policy.getSpec().suites().platform() != null);
        each(alike, rules, spec -> suites(spec, asked));
        strictest(
                alike,
                rules,
                "A run is judged on at least %s harmful requests",
                true,
                spec -> text(spec.suites().minPrompts()));
        each(
                alike,
                rules,
                spec -> spec.safety().gate() == null
                        ? null
                        : "spec.safety.gate.mode is at least "
                                + Words.of(spec.safety().gate()));
        each(
                alike,
                rules,
                spec -> spec.safety().screening() == null
                        ? null
                        : "spec.safety.screening.action is at least "
                                + Words.of(spec.safety().screening()));
        each(alike, rules, EffectivePolicy::cooldown);
        most(alike, rules, "steps of the cooldown", spec -> text(spec.cooldown().maxSteps()));
        most(alike, rules, "the learning rate", spec -> spec.limits().maxLearningRate());
        most(alike, rules, "epochs in all", spec -> text(spec.limits().maxEpochs()));
        most(
                alike,
                rules,
                "attempts with one base model and dataset",
                spec -> text(spec.limits().maxAttempts()));
        most(alike, rules, "GPUs of a pod", spec -> text(spec.limits().maxGpus()));
        most(alike, rules, "maxHarmfulRate", spec -> spec.thresholds().maxHarmfulRate());
        most(alike, rules, "maxIncreaseOverBase", spec -> spec.thresholds().maxIncreaseOverBase());
        most(alike, rules, "maxUtilityDrop", spec -> spec.thresholds().maxUtilityDrop());
        most(alike, rules, "maxRefusalDrop", spec -> spec.thresholds().maxRefusalDrop());
        return rules;
    }

    private static String vectors(SafeFineTunePolicySpec spec) {
        var vectors = spec.securityVectors();
        String readiness =
                "readiness at least minExplained %s, minFirstTokenCompliance %s, maxGradientRatio %s, maxBenignIncrease %s"
                        .formatted(
                                vectors.readiness().minExplained(),
                                vectors.readiness().minFirstTokenCompliance(),
                                vectors.readiness().maxGradientRatio(),
                                vectors.readiness().maxBenignIncrease());
        if (vectors.from() == PinnedOrAny.ANY) {
            return "Any security vector counts, with " + readiness;
        }
        List<String> kinds = new ArrayList<>();
        if (vectors.pinned() != null) {
            kinds.add(digests(vectors.pinned()));
        }
        if (vectors.namespaces() != null) {
            kinds.add("one made in namespace " + String.join(" or ", vectors.namespaces()) + ", with " + readiness);
        }
        return "The security vector is "
                + (kinds.isEmpty() ? "one that another of these policies pins" : String.join("; or ", kinds));
    }

    private static @Nullable String platformSuites(SafeFineTunePolicySpec spec) {
        List<PlatformSuite> suites = spec.suites().platform();
        return suites == null
                ? null
                : "Each run is judged by the platform's suite "
                        + suites.stream()
                                .map(suite -> suite.configMap() + " (" + suite.prompts() + ")")
                                .collect(Collectors.joining(" and "));
    }

    private static String suites(SafeFineTunePolicySpec spec, boolean asked) {
        List<SuitePin> pinned = spec.suites().pinned();
        return spec.suites().from() == PinnedOrAny.ANY || asked && pinned == null
                ? "Any suite counts, the user's own among them"
                : "The suite is "
                        + (pinned == null
                                ? "one that another of these policies pins"
                                : pinned.stream()
                                        .map(pin -> pin.name() + " (" + pin.prompts()
                                                + (pin.utility() == null ? "" : ", tasks " + pin.utility()) + ")")
                                        .collect(Collectors.joining(" or ")));
    }

    private static String cooldown(SafeFineTunePolicySpec spec) {
        List<DigestPin> sets = spec.cooldown().trustedSets();
        return switch (spec.cooldown().datasets()) {
            case NONE -> "The cooldown has no trusted samples of the user's";
            case ANY -> "The cooldown may have any trusted samples of the user's";
            case PINNED ->
                "The cooldown's trusted samples, if there are any, are "
                        + (sets == null ? "some that another of these policies pins" : digests(sets));
        };
    }

    private static String digests(List<DigestPin> pins) {
        return pins.stream()
                .map(pin -> pin.name() == null ? pin.digest() : pin.name() + " (" + pin.digest() + ")")
                .collect(Collectors.joining(" or "));
    }

    /** What each policy says for itself; what several say alike is told once. */
    private static void each(
            List<SafeFineTunePolicy> policies,
            List<String> rules,
            Function<SafeFineTunePolicySpec, @Nullable String> says) {
        policies.stream()
                .map(policy -> says.apply(policy.getSpec()))
                .flatMap(Stream::ofNullable)
                .distinct()
                .forEach(sentence -> rules.add(
                        sentence + by(policies, policy -> sentence.equals(says.apply(policy.getSpec()))) + "."));
    }

    private static void most(
            List<SafeFineTunePolicy> policies,
            List<String> rules,
            String what,
            Function<SafeFineTunePolicySpec, @Nullable String> limit) {
        strictest(policies, rules, "At most %s: " + what, false, limit);
    }

    private static void strictest(
            List<SafeFineTunePolicy> policies,
            List<String> rules,
            String sentence,
            boolean highest,
            Function<SafeFineTunePolicySpec, @Nullable String> limit) {
        Comparator<String> order = Comparator.comparingDouble(Double::parseDouble);
        policies.stream()
                .map(policy -> limit.apply(policy.getSpec()))
                .flatMap(Stream::ofNullable)
                .min(highest ? order.reversed() : order)
                .ifPresent(value -> rules.add(sentence.formatted(value)
                        + by(policies, policy -> value.equals(limit.apply(policy.getSpec()))) + "."));
    }

    private static String by(List<SafeFineTunePolicy> policies, Predicate<SafeFineTunePolicy> says) {
        return policies.stream()
                .filter(says)
                .map(policy -> policy.getMetadata().getName())
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static @Nullable String text(@Nullable Integer number) {
        return number == null ? null : number.toString();
    }

    private List<String> waivers(String namespace) {
        List<String> told = new ArrayList<>();
        for (SafeFineTunePolicy policy : policies.all()) {
            List<WaiverSpec> waivers = policy.getSpec().waivers();
            for (WaiverSpec waiver : waivers == null ? List.<WaiverSpec>of() : waivers) {
                if (waiver.namespace().equals(namespace)) {
                    told.add("%s of %s for %s until %s%s: %s"
                            .formatted(
                                    waiver.waives().stream().map(Words::of).collect(Collectors.joining(", ")),
                                    policy.getMetadata().getName(),
                                    waiver.name() == null ? "all runs" : waiver.name(),
                                    waiver.until(),
                                    Policies.isOver(waiver, policies.subject().now()) ? " (has ended)" : "",
                                    waiver.reason()));
                }
            }
        }
        return told;
    }
}
