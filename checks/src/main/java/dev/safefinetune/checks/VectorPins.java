package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.DigestPin;
import dev.safefinetune.api.v1alpha1.PinnedOrAny;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.ReadinessSpec;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.VectorPinsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Security vectors that a policy knows by their digests, or by the namespaces in which they were made. */
final class VectorPins {
    private static final String FIELD = "spec.safety.vectorRef";

    private VectorPins() {}

    static Stream<Refusal> vectors(PolicyInForce policy, Evidence run) {
        if (run.wish().spec().safety().protection() == Protection.NONE) {
            return Stream.empty();
        }
        boolean any = policy.spec().securityVectors().from() == PinnedOrAny.ANY;
        List<VectorPinsSpec> pins = policy
                .pinning(spec -> spec.securityVectors().pinned() != null
                        || spec.securityVectors().namespaces() != null)
                .stream()
                .map(spec -> spec.securityVectors())
                .toList();
        List<VectorInUse> vectors = run.vectors();
        if (vectors == null) {
            return any || !pins.isEmpty()
                    ? Stream.empty()
                    : Stream.of(new Refusal(
                            Reason.VECTOR_NOT_ALLOWED, "spec.safety.protection", "SecurityVector", nonePinned(policy)));
        }
        if (vectors.isEmpty() && !any) {
            return Stream.of(new Refusal(
                    Reason.VECTOR_NOT_ALLOWED,
                    FIELD,
                    "",
                    "is of a vector that nothing is known of any more; " + nonePinned(policy)));
        }
        List<DigestPin> digests = all(pins, VectorPinsSpec::pinned);
        List<String> namespaces = all(pins, VectorPinsSpec::namespaces);
        return vectors.stream()
                .filter(vector -> !PolicyPins.contains(digests, vector.digest()))
                .flatMap(vector -> any || namespaces.contains(vector.namespace())
                        ? readiness(policy, vector)
                        : Stream.of(new Refusal(
                                Reason.VECTOR_NOT_ALLOWED,
                                FIELD,
                                stated(vector),
                                pins.isEmpty() ? nonePinned(policy) : wanted(policy, digests, namespaces))));
    }

    private static <T> List<T> all(List<VectorPinsSpec> pins, Function<VectorPinsSpec, List<T>> kind) {
        return pins.stream()
                .map(kind)
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .toList();
    }

    private static String nonePinned(PolicyInForce policy) {
        return policy.speaks()
                + "wants a vector that a policy pins, and none pins one: its digest belongs in securityVectors.pinned,"
                + " or its namespace in securityVectors.namespaces; securityVectors.from Any lets any pass";
    }

    private static String wanted(PolicyInForce policy, List<DigestPin> digests, List<String> namespaces) {
        List<String> wanted = new ArrayList<>();
        if (!digests.isEmpty()) {
            wanted.add(PolicyPins.listed(digests));
        }
        if (!namespaces.isEmpty()) {
            wanted.add("a vector of namespace " + String.join(", ", namespaces));
        }
        return policy.speaks() + "wants " + String.join(", or ", wanted);
    }

    private static String stated(VectorInUse vector) {
        return "SecurityVector " + vector.namespace() + "/" + vector.name() + " with digest " + vector.digest();
    }

    /** A limit of a vector's assessment. */
    private record Limit(String field, Function<ReadinessSpec, String> value, boolean least) {
        boolean isKept(ReadinessSpec theirs, ReadinessSpec floor) {
            int order = Double.compare(Double.parseDouble(value.apply(theirs)), Double.parseDouble(value.apply(floor)));
            return least ? order >= 0 : order <= 0;
        }
    }

    private static final List<Limit> LIMITS = List.of(
            new Limit("minExplained", ReadinessSpec::minExplained, true),
            new Limit("minFirstTokenCompliance", ReadinessSpec::minFirstTokenCompliance, true),
            new Limit("maxGradientRatio", ReadinessSpec::maxGradientRatio, false),
            new Limit("maxBenignIncrease", ReadinessSpec::maxBenignIncrease, false));

    /** A vector that was held to nothing is nonsense that is called ready. */
    private static Stream<Refusal> readiness(PolicyInForce policy, VectorInUse vector) {
        ReadinessSpec floor = policy.spec().securityVectors().readiness();
        ReadinessSpec theirs = vector.readiness();
        return theirs == null
                ? Stream.empty()
                : LIMITS.stream()
                        .filter(limit -> !limit.isKept(theirs, floor))
                        .map(limit -> new Refusal(
                                Reason.VECTOR_NOT_ALLOWED,
                                FIELD,
                                stated(vector) + ", whose spec.readiness." + limit.field() + " is "
                                        + limit.value().apply(theirs),
                                policy.speaks() + "wants a vector that is pinned by its digest, or one with "
                                        + (limit.least() ? "at least " : "at most ")
                                        + limit.value().apply(floor)));
    }
}
