package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.CooldownDatasets;
import dev.safefinetune.api.v1alpha1.DigestPin;
import dev.safefinetune.api.v1alpha1.PinnedOrAny;
import dev.safefinetune.api.v1alpha1.PlatformSuite;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicySpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuitePin;
import dev.safefinetune.checks.Evidence.SuiteDigests;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.ServedSuite;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Models, suites and trusted sets that a policy knows by their digests, wherever they lie. */
final class PolicyPins {
    /** Most pins that a message lists. */
    private static final int MOST_LISTED = 3;

    private PolicyPins() {}

    static Stream<Refusal> model(PolicyInForce policy, Evidence run) {
        List<DigestPin> pins = policy.spec().baseModels();
        String digest = run.digest(Inputs.MODEL);
        boolean fits = digest == null ? run.inputs() == null : pins == null || contains(pins, digest);
        return pins == null || fits
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.MODEL_NOT_ALLOWED,
                        "spec.model.uri",
                        run.wish().spec().model().uri()
                                + (digest == null ? " without a digest" : " with digest " + digest),
                        policy.speaks() + "pins in baseModels " + listed(pins)));
    }

    static Stream<Refusal> suites(PolicyInForce policy, Evidence run) {
        // Each suite is judged by itself: whatever is asked besides the platform's cannot loosen a verdict.
        boolean judgedAnyway = policy.spec().suites().pinned() == null
                && (policy.spec().suites().platform() != null || !policy.asked().isEmpty());
        if (policy.spec().suites().from() == PinnedOrAny.ANY || judgedAnyway) {
            return Stream.empty();
        }
        List<SuitePin> pins = policy.pinning(spec -> spec.suites().pinned() != null).stream()
                .map(spec -> spec.suites().pinned())
                .flatMap(List::stream)
                .toList();
        SourceSpec own = run.wish().spec().safety().evaluation().prompts();
        if (run.inputs() == null && pins.isEmpty()) {
            return Stream.of(
                    notAllowed(
                            own,
                            own == null ? "left out" : own.uri(),
                            policy.speaks()
                                    + "wants a suite that a policy pins, and none pins one: the digest of a suite belongs in suites.pinned; suites.from Any lets any pass"));
        }
        if (run.inputs() != null && run.suites().isEmpty() && policy.asked().isEmpty()) {
            // Nothing that is pinned passes because nobody says what it is.
            return Stream.of(notAllowed(own, "without a digest", wanted(policy, pins)));
        }
        return run.suites().stream()
                .filter(suite -> pins.stream().noneMatch(pin -> isOf(pin, suite)))
                .map(suite -> unpinned(policy, own, suite, pins));
    }

    /** A ConfigMap holds one content: what two policies know it by has to be the same. */
    static Stream<Refusal> contradictions(PolicyInForce policy, Evidence run) {
        List<PlatformSuite> own = policy.spec().suites().platform();
        SourceSpec prompts = run.wish().spec().safety().evaluation().prompts();
        return own == null
                ? Stream.empty()
                : own.stream()
                        .flatMap(suite -> policy.asked().stream()
                                .filter(other -> other.name().equals(suite.configMap()))
                                .filter(other -> !isSame(suite, other))
                                .map(other -> notAllowed(
                                        prompts,
                                        prompts == null ? "left out" : prompts.uri(),
                                        policy.speaks() + "asks the suite " + suite.configMap() + " with digest "
                                                + suite.prompts() + ", another policy asks it with "
                                                + other.prompts()
                                                + ": no run is within both, suites.platform has to be the same")));
    }

    private static boolean isSame(PlatformSuite suite, ServedSuite other) {
        String utility = other.utility() == null ? null : other.utility().value();
        return other.prompts().value().equals(suite.prompts()) && Objects.equals(utility, suite.utility());
    }

    private static String wanted(PolicyInForce policy, List<SuitePin> pins) {
        return policy.speaks() + "wants " + (pins.isEmpty() ? "one that a policy pins" : listedSuites(pins));
    }

    private static boolean isOf(SuitePin pin, SuiteDigests suite) {
        return pin.prompts().equals(suite.prompts())
                && (pin.utility() == null || pin.utility().equals(suite.utility()));
    }

    private static Refusal unpinned(
            PolicyInForce policy, @Nullable SourceSpec own, SuiteDigests suite, List<SuitePin> pins) {
        String where = own == null ? "left out, so the requests are the SecurityVector's" : own.uri();
        String what = where + " with digest " + suite.prompts() + ", "
                + (suite.utility() == null ? "without tasks" : "and tasks with digest " + suite.utility());
        return notAllowed(own, what, wanted(policy, pins));
    }

    private static Refusal notAllowed(@Nullable SourceSpec own, String value, String right) {
        String field = "spec.safety.evaluation.prompts";
        return new Refusal(Reason.SUITE_NOT_ALLOWED, own == null ? field : field + ".uri", value, right);
    }

    static Stream<Refusal> trustedSet(PolicyInForce policy, Evidence run) {
        SourceSpec trusted = run.wish().spec().safety().cooldown().dataset();
        String digest = run.digest(Inputs.COOLDOWN);
        if (trusted == null || policy.spec().cooldown().datasets() != CooldownDatasets.PINNED) {
            return Stream.empty();
        }
        List<DigestPin> pins = policy.pinning(PolicyPins::pinsTrustedSets).stream()
                .map(spec -> spec.cooldown().trustedSets())
                .flatMap(List::stream)
                .toList();
        if (!pins.isEmpty() && (digest == null ? run.inputs() == null : contains(pins, digest))) {
            return Stream.empty();
        }
        return Stream.of(new Refusal(
                Reason.COOLDOWN_DATASET_NOT_ALLOWED,
                "spec.safety.cooldown.dataset.uri",
                trusted.uri() + (digest == null ? "" : " with digest " + digest),
                policy.speaks()
                        + (pins.isEmpty()
                                ? "wants trusted samples that a policy pins, and none pins any: leave it out"
                                : "pins in cooldown.trustedSets " + listed(pins))));
    }

    private static boolean pinsTrustedSets(SafeFineTunePolicySpec spec) {
        return spec.cooldown().trustedSets() != null && spec.cooldown().datasets() != CooldownDatasets.NONE;
    }

    static boolean contains(List<DigestPin> pins, String digest) {
        return pins.stream().anyMatch(pin -> pin.digest().equals(digest));
    }

    static String listed(List<DigestPin> pins) {
        return some(pins.stream()
                .map(pin -> pin.name() == null ? pin.digest() : pin.name() + " (" + pin.digest() + ")")
                .toList());
    }

    private static String listedSuites(List<SuitePin> pins) {
        return some(pins.stream()
                .map(pin -> pin.name() + " (" + pin.prompts()
                        + (pin.utility() == null ? "" : ", tasks " + pin.utility()) + ")")
                .toList());
    }

    private static String some(List<String> all) {
        String shown = all.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
        return all.size() <= MOST_LISTED ? shown : shown + " and " + (all.size() - MOST_LISTED) + " more";
    }
}
