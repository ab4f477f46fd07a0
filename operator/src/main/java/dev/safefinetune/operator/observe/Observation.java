package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.RunSpec;
import io.fabric8.kubernetes.client.CustomResource;

/**
 * All facts about a resource whose kind is one of runs.
 *
 * @param <R> the resource
 */
public sealed interface Observation<R extends CustomResource<? extends RunSpec, ?>>
        permits FineTuneObservation, VectorObservation {
    /** The resource itself. */
    R resource();

    /** What exists of its run. */
    RunFacts run();
}
