package dev.safefinetune.contract;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A security vector to attach.
 *
 * @param source where it lies
 * @param digest of its adapter, as its resource states it; anything else is refused
 * @param baseDigest of the base model it was trained on; must be the digest of the model at hand
 * @param gateDrop the calibrated threshold of the gate, in nats
 * @param gateShare the same of the share of a sample's loss, 0..1; absent in job specs of releases before there was one
 * @param replay digest of the base's own answers beside it; absent in job specs of releases before there were any
 * @param provenSuites digests of the prompts of suites that it proved; absent in job specs of releases without proofs
 * @param tokenGate the calibrated thresholds of single tokens; absent in job specs of releases before there were any
 * @param suite that the run is judged on too because of this vector; absent where the run's own suite is enough
 * @param others further vectors that are attached together with this one; absent where there is one
 */
public record VectorInput(
        Source source,
        Digest digest,
        Digest baseDigest,
        double gateDrop,
        @Nullable Double gateShare,
        @Nullable Digest replay,
        @Nullable List<Digest> provenSuites,
        @Nullable TokenGate tokenGate,
        @Nullable SuiteSource suite,
        @Nullable List<VectorInput> others) {
    /** Most vectors of one run. */
    public static final int MOST = 4;

    /** A vector that is attached alone. */
    public VectorInput(
            Source source,
            Digest digest,
            Digest baseDigest,
            double gateDrop,
            @Nullable Double gateShare,
            @Nullable Digest replay,
            @Nullable List<Digest> provenSuites,
            @Nullable TokenGate tokenGate) {
        this(source, digest, baseDigest, gateDrop, gateShare, replay, provenSuites, tokenGate, null, null);
    }

    public VectorInput {
        Require.present("vector.source", source);
        Require.present("vector.digest", digest);
        Require.present("vector.baseDigest", baseDigest);
        Require.positive("vector.gateDrop", gateDrop);
        if (gateShare != null) {
            Require.range("vector.gateShare", gateShare, 0.0, 1.0);
        }
        provenSuites = provenSuites == null ? null : List.copyOf(provenSuites);
        others = others == null || others.isEmpty() ? null : List.copyOf(others);
        requireOthers(digest, baseDigest, others == null ? List.of() : others);
    }

    private static void requireOthers(Digest digest, Digest baseDigest, List<VectorInput> others) {
        Require.range("vector.others", others.size(), 0, MOST - 1);
        Set<Digest> known = new HashSet<>(Set.of(digest));
        for (VectorInput other : others) {
            if (other.others != null) {
                throw new IllegalArgumentException("vector.others must not have others of their own");
            }
            if (!other.baseDigest.equals(baseDigest)) {
                throw new IllegalArgumentException("vector " + other.source.uri() + " is of the base model "
                        + other.baseDigest + ", the first vector of the run is of " + baseDigest
                        + "; all vectors of a run must be of one base model");
            }
            if (!known.add(other.digest)) {
                throw new IllegalArgumentException("vector " + other.source.uri() + " with digest " + other.digest
                        + " is given twice; each vector of a run must be another one");
            }
        }
    }

    /** These vectors as one input, in their order; absent where there is none. */
    public static @Nullable VectorInput together(List<VectorInput> vectors) {
        if (vectors.isEmpty()) {
            return null;
        }
        VectorInput first = vectors.getFirst();
        return new VectorInput(
                first.source,
                first.digest,
                first.baseDigest,
                first.gateDrop,
                first.gateShare,
                first.replay,
                first.provenSuites,
                first.tokenGate,
                first.suite,
                vectors.subList(1, vectors.size()));
    }

    /** This one and those that are attached with it. */
    public List<VectorInput> all() {
        return others == null
                ? List.of(this)
                : Stream.concat(Stream.of(this), others.stream()).toList();
    }

    /** The same, with a suite that the run is judged on because of it. */
    public VectorInput judgedOn(@Nullable SuiteSource wanted) {
        return new VectorInput(
                source, digest, baseDigest, gateDrop, gateShare, replay, provenSuites, tokenGate, wanted, others);
    }

    /** Digests of all suites that any of them proved; absent where nothing is known of proofs. */
    public @Nullable List<Digest> allProvenSuites() {
        if (others == null) {
            return provenSuites;
        }
        return all().stream()
                .map(VectorInput::provenSuites)
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }
}
