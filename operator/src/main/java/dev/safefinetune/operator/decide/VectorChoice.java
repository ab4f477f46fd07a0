package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.CategoryReadiness;
import dev.safefinetune.api.v1alpha1.ProvenSuiteStatus;
import dev.safefinetune.api.v1alpha1.ReadinessStatus;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.ReplayStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.TokenGateStatus;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.api.v1alpha1.VectorRef;
import dev.safefinetune.checks.PvcUri;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.plan.Layout;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which security vector a run uses, or why there is none that it could use. */
sealed interface VectorChoice {
    /**
     * This one.
     *
     * @param vector as the trainer is told of it, with those that are attached together with it
     * @param others resources of these
     */
    record Chosen(SecurityVector resource, VectorInput vector, List<SecurityVector> others) implements VectorChoice {
        /** All resources, in their order. */
        List<SecurityVector> all() {
            return Stream.concat(Stream.of(resource), others.stream()).toList();
        }
    }

    /** Whether waiting will help. */
    enum Hope {
        /** It is under way, however long it takes. */
        COMING,
        /** It may be made any moment, or somebody has forgotten it. */
        PERHAPS,
        /** Somebody has to do something. */
        NONE
    }

    /** None so far. */
    record NotYet(Reason reason, String message, Hope hope) implements VectorChoice {}

    /** None that this run may use. */
    record Refused(Reason reason, String message) implements VectorChoice {}

    /** {@code outOfSight} is a namespace that the operator may not look into. */
    static VectorChoice among(List<SecurityVector> vectors, @Nullable String outOfSight, SafeFineTune wish) {
        VectorRef ref = wish.getSpec().safety().vectorRef();
        List<VectorRef> refs = wish.getSpec().safety().vectorRefs();
        if (refs != null) {
            return SeveralVectors.together(refs.stream()
                    .map(each -> byName(vectors, outOfSight, wish, each))
                    .toList());
        }
        return ref == null ? byBase(vectors, wish) : byName(vectors, outOfSight, wish, ref);
    }

    private static VectorChoice byName(
            List<SecurityVector> vectors, @Nullable String outOfSight, SafeFineTune wish, VectorRef ref) {
        String own = wish.getMetadata().getNamespace();
        String namespace = ref.namespace() == null ? own : ref.namespace();
        if (namespace.equals(outOfSight)) {
            return new Refused(
                    Reason.VECTOR_OUT_OF_REACH,
                    "the operator has no right to read SecurityVector " + ref.name() + " in namespace " + namespace
                            + " (watchNamespaces of its chart); make a vector in " + own);
        }
        Optional<SecurityVector> named = vectors.stream()
                .filter(v -> v.getMetadata().getName().equals(ref.name())
                        && v.getMetadata().getNamespace().equals(namespace))
                .findFirst();
        if (named.isEmpty()) {
            return new NotYet(
                    Reason.VECTOR_NOT_FOUND,
                    "there is no SecurityVector " + ref.name() + " in namespace " + namespace,
                    Hope.PERHAPS);
        }
        List<String> allowed = named.get().getSpec().allowedNamespaces();
        if (!namespace.equals(own) && (allowed == null || !allowed.contains(own))) {
            return new Refused(
                    Reason.VECTOR_NOT_SHARED,
                    "spec.allowedNamespaces of SecurityVector " + namespace + "/" + ref.name() + " does not list "
                            + own);
        }
        return usable(named.get(), own);
    }

    private static VectorChoice byBase(List<SecurityVector> vectors, SafeFineTune wish) {
        String own = wish.getMetadata().getNamespace();
        String model = wish.getSpec().model().uri();
        // The oldest that is ready; of those that are not, the oldest tells what is being waited for.
        return vectors.stream()
                .filter(v -> v.getMetadata().getNamespace().equals(own)
                        && v.getSpec().baseModel().uri().equals(model))
                .sorted(Comparator.comparing((SecurityVector v) -> !isReady(v))
                        .thenComparing(v -> v.getMetadata().getCreationTimestamp())
                        .thenComparing(v -> v.getMetadata().getName()))
                .findFirst()
                .map(v -> usable(v, own))
                .orElseGet(() -> new NotYet(
                        Reason.VECTOR_NOT_FOUND,
                        "there is no SecurityVector for " + model + " in namespace " + own
                                + "; make one, or name one in spec.safety.vectorRef",
                        Hope.PERHAPS));
    }

    private static VectorChoice usable(SecurityVector vector, String own) {
        String name = vector.getMetadata().getName();
        SecurityVectorStatus status = vector.getStatus();
        if (!isReady(vector) || status == null) {
            boolean hopeless = status != null
                    && status.observedGeneration().equals(vector.getMetadata().getGeneration())
                    && (status.phase() == VectorPhase.FAILED || status.phase() == VectorPhase.REJECTED);
            return new NotYet(
                    Reason.VECTOR_NOT_READY,
                    "SecurityVector " + name + " is not ready"
                            + (hopeless ? ": its run has failed, see its conditions" : ""),
                    hopeless ? Hope.NONE : Hope.COMING);
        }
        ReadinessStatus readiness = status.readiness();
        String storage = vector.getSpec().storage().uri();
        String digest = status.digest();
        String baseDigest = status.baseDigest();
        if (readiness == null || readiness.gateDrop() == null || digest == null || baseDigest == null) {
            return new NotYet(
                    Reason.VECTOR_NOT_READY,
                    "SecurityVector " + name + " is ready without saying what it is",
                    Hope.NONE);
        }
        Optional<String> missing = missing(readiness);
        ReplayStatus replay = readiness.replay();
        if (missing.isPresent() || readiness.gateShare() == null || replay == null) {
            return new NotYet(
                    Reason.VECTOR_NOT_READY,
                    "SecurityVector " + name + " was assessed by an earlier release: "
                            + missing.orElse("its status has no "
                                    + (replay == null ? "readiness.replay" : "readiness.gateShare"))
                            + "; a changed spec, or another name, has it assessed anew",
                    Hope.NONE);
        }
        if (PvcUri.isOne(storage) && !vector.getMetadata().getNamespace().equals(own)) {
            return new Refused(
                    Reason.VECTOR_OUT_OF_REACH,
                    "SecurityVector " + vector.getMetadata().getNamespace() + "/" + name + " lies at " + storage
                            + ", and a volume claim is only reachable in its own namespace; make a vector in " + own);
        }
        return new Chosen(
                vector,
                new VectorInput(
                        Layout.vector(storage),
                        new Digest(digest),
                        new Digest(baseDigest),
                        Double.parseDouble(readiness.gateDrop()),
                        Double.parseDouble(readiness.gateShare()),
                        new Digest(replay.digest()),
                        proven(status),
                        tokenGate(readiness.tokenGate())),
                List.of());
    }

    /** None for a vector of a release that proved no suites: it may be used, and its runs' suites are not proved. */
    private static List<Digest> proven(SecurityVectorStatus status) {
        List<ProvenSuiteStatus> suites = status.provenSuites();
        return suites == null
                ? List.of()
                : suites.stream().map(suite -> new Digest(suite.prompts())).toList();
    }

    /** Thresholds of single tokens, as the assessment found them; absent where an earlier release looked for none. */
    private static @Nullable TokenGate tokenGate(@Nullable TokenGateStatus status) {
        if (status == null) {
            return null;
        }
        String crossing = status.crossing();
        return crossing != null
                ? TokenGate.crossed(crossing)
                : new TokenGate(
                        band(status.firstDrop(), status.firstShare()),
                        band(status.restDrop(), status.restShare()),
                        number(status.falseAlarms()),
                        number(status.caught()),
                        null);
    }

    private static TokenGate.@Nullable Band band(@Nullable String drop, @Nullable String share) {
        return drop == null || share == null
                ? null
                : new TokenGate.Band(Double.parseDouble(drop), Double.parseDouble(share));
    }

    private static @Nullable Double number(@Nullable String text) {
        return text == null ? null : Double.valueOf(text);
    }

    /** What a release that assessed less has not found out of a vector; today's assessments end with all of it. */
    private static Optional<String> missing(ReadinessStatus readiness) {
        List<Integer> counts = readiness.categories() == null
                ? List.of()
                : readiness.categories().stream().map(CategoryReadiness::n).toList();
        int all = counts.stream().mapToInt(n -> n).sum();
        int least = counts.stream().mapToInt(n -> n).min().orElse(0);
        return counts.isEmpty()
                        || all >= ReadinessThresholds.LEAST_HELD_OUT && least >= ReadinessThresholds.LEAST_OF_A_CATEGORY
                ? Optional.empty()
                : Optional.of(
                        "on %d held-out samples, of one category on %d, and at least %d are needed, %d of each category"
                                .formatted(
                                        all,
                                        least,
                                        ReadinessThresholds.LEAST_HELD_OUT,
                                        ReadinessThresholds.LEAST_OF_A_CATEGORY));
    }

    private static boolean isReady(SecurityVector vector) {
        SecurityVectorStatus status = vector.getStatus();
        return status != null
                && status.phase() == VectorPhase.READY
                && status.observedGeneration().equals(vector.getMetadata().getGeneration());
    }
}
