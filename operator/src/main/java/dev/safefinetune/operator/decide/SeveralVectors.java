package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.ResolvedVector;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.checks.VectorInUse;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.plan.Layout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The choice of several vectors that a run uses together: all of them, or none of them. */
final class SeveralVectors {
    private SeveralVectors() {}

    /** Of the choices of single vectors, in their order, one choice. */
    static VectorChoice together(List<VectorChoice> choices) {
        for (VectorChoice choice : choices) {
            if (choice instanceof VectorChoice.Refused refused) {
                return refused;
            }
        }
        List<VectorChoice.NotYet> missing = choices.stream()
                .filter(VectorChoice.NotYet.class::isInstance)
                .map(VectorChoice.NotYet.class::cast)
                .toList();
        if (!missing.isEmpty()) {
            // What somebody has to do something about comes first.
            VectorChoice.NotYet gravest = missing.stream()
                    .max(Comparator.comparing(VectorChoice.NotYet::hope))
                    .orElseThrow();
            return new VectorChoice.NotYet(
                    gravest.reason(),
                    missing.stream().map(VectorChoice.NotYet::message).collect(Collectors.joining("; ")),
                    gravest.hope());
        }
        return chosen(choices.stream()
                .filter(VectorChoice.Chosen.class::isInstance)
                .map(VectorChoice.Chosen.class::cast)
                .toList());
    }

    private static VectorChoice chosen(List<VectorChoice.Chosen> all) {
        if (all.size() == 1) {
            return all.getFirst();
        }
        Digest base = all.getFirst().vector().baseDigest();
        for (int k = 0; k < all.size(); k++) {
            VectorChoice.Chosen one = all.get(k);
            if (!one.vector().baseDigest().equals(base)) {
                return new VectorChoice.Refused(
                        Reason.VECTOR_FOR_ANOTHER_BASE,
                        "spec.safety.vectorRefs: SecurityVector " + name(one) + " was trained on the model "
                                + one.vector().baseDigest() + ", SecurityVector " + name(all.getFirst()) + " on "
                                + base + "; all vectors of a run must be of one base model");
            }
            for (VectorChoice.Chosen other : all.subList(0, k)) {
                if (other.vector().digest().equals(one.vector().digest())) {
                    return new VectorChoice.Refused(
                            Reason.SPEC_INVALID,
                            "spec.safety.vectorRefs: SecurityVector " + name(one) + " has the same digest as "
                                    + name(other) + "; each vector of a run must be another one");
                }
            }
        }
        VectorInput together = VectorInput.together(
                all.stream().map(VectorChoice.Chosen::vector).toList());
        return new VectorChoice.Chosen(
                all.getFirst().resource(),
                Objects.requireNonNull(together),
                all.stream().skip(1).map(VectorChoice.Chosen::resource).toList());
    }

    private static String name(VectorChoice.Chosen chosen) {
        return chosen.resource().getMetadata().getName();
    }

    /** The suite of the first of them that has one. */
    static @Nullable SuiteSpec suite(VectorChoice.@Nullable Chosen chosen) {
        return chosen == null
                ? null
                : chosen.all().stream()
                        .map(vector -> vector.getSpec().evaluation())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /**
     * The vectors with the suites of all but the first that has one, which is the run's.
     *
     * @param ownSuite whether the run names a suite of its own, which is asked instead of the vectors'
     */
    static @Nullable VectorInput withSuites(VectorChoice.@Nullable Chosen chosen, boolean ownSuite) {
        if (chosen == null || chosen.others().isEmpty() || ownSuite) {
            return chosen == null ? null : chosen.vector();
        }
        SuiteSpec first = suite(chosen);
        List<VectorInput> judged = new ArrayList<>();
        for (VectorInput vector : chosen.vector().all()) {
            SuiteSpec suite = chosen.all().get(judged.size()).getSpec().evaluation();
            judged.add(alone(vector).judgedOn(suite == null || suite.equals(first) ? null : source(suite)));
        }
        return VectorInput.together(judged);
    }

    private static VectorInput alone(VectorInput vector) {
        return Objects.requireNonNull(VectorInput.together(List.of(vector)));
    }

    private static SuiteSource source(SuiteSpec suite) {
        var utility = suite.utility();
        return new SuiteSource(
                Layout.source(suite.prompts().uri()), utility == null ? null : Layout.source(utility.uri()));
    }

    /** What policies are told of the vectors. */
    static List<VectorInUse> inUse(VectorChoice.Chosen chosen) {
        List<VectorInUse> vectors = new ArrayList<>();
        for (SecurityVector vector : chosen.all()) {
            vectors.add(new VectorInUse(
                    vector.getMetadata().getNamespace(),
                    vector.getMetadata().getName(),
                    chosen.vector().all().get(vectors.size()).digest().value(),
                    vector.getSpec().readiness()));
        }
        return vectors;
    }

    /** What is written down of several vectors; absent where there is one. */
    static @Nullable List<ResolvedVector> resolved(VectorChoice.@Nullable Chosen chosen) {
        if (chosen == null || chosen.others().isEmpty()) {
            return null;
        }
        List<ResolvedVector> resolved = new ArrayList<>();
        for (SecurityVector vector : chosen.all()) {
            resolved.add(new ResolvedVector(
                    vector.getMetadata().getName(),
                    vector.getMetadata().getNamespace(),
                    chosen.vector().all().get(resolved.size()).digest().value()));
        }
        return resolved;
    }
}
