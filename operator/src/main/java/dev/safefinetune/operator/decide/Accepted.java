package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.VectorRef;
import dev.safefinetune.contract.StageTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run was accepted with.
 *
 * @param policies that held, each as name@generation
 * @param vectorRef the SecurityVector that the run uses; absent without protection
 * @param vector the same, as the trainer is told of it
 */
public record Accepted(List<String> policies, @Nullable VectorRef vectorRef, StageTask.@Nullable Vector vector) {
    public Accepted {
        policies = List.copyOf(policies);
    }
}
