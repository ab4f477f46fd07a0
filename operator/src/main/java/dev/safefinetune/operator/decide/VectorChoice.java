package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.ReadinessStatus;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.api.v1alpha1.VectorRef;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.plan.Layout;
import dev.safefinetune.operator.plan.PvcUri;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which security vector a run uses, or why there is none that it could use. */
sealed interface VectorChoice {
    /** This one. */
    record Chosen(SecurityVector resource, StageTask.Vector vector) implements VectorChoice {}

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
        if (PvcUri.isOne(storage) && !vector.getMetadata().getNamespace().equals(own)) {
            return new Refused(
                    Reason.VECTOR_OUT_OF_REACH,
                    "SecurityVector " + vector.getMetadata().getNamespace() + "/" + name + " lies at " + storage
                            + ", and a volume claim is only reachable in its own namespace; make a vector in " + own);
        }
        return new Chosen(
                vector,
                new StageTask.Vector(
                        Layout.vector(storage),
                        new Digest(digest),
                        new Digest(baseDigest),
                        Double.parseDouble(readiness.gateDrop())));
    }

    private static boolean isReady(SecurityVector vector) {
        SecurityVectorStatus status = vector.getStatus();
        return status != null
                && status.phase() == VectorPhase.READY
                && status.observedGeneration().equals(vector.getMetadata().getGeneration());
    }
}
