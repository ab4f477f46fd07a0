package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.HeldPolicy;
import dev.safefinetune.api.v1alpha1.ResolvedVector;
import dev.safefinetune.api.v1alpha1.VectorRef;
import dev.safefinetune.contract.VectorInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run was accepted with.
 *
 * @param policies that held, each as name@generation
 * @param held the same, each with what followed where the run broke it
 * @param vectorRef the SecurityVector that the run uses; absent without protection
 * @param vector the same, as the trainer is told of it, with those that are attached together with it
 * @param vectors all of these, for the status; absent where there is one
 */
public record Accepted(
        List<String> policies,
        List<HeldPolicy> held,
        @Nullable VectorRef vectorRef,
        @Nullable VectorInput vector,
        @Nullable List<ResolvedVector> vectors) {
    public Accepted {
        policies = List.copyOf(policies);
        held = List.copyOf(held);
    }

    /** The same under policies that were asked. */
    Accepted under(List<HeldPolicy> asked) {
        return new Accepted(policies, asked, vectorRef, vector, vectors);
    }
}
