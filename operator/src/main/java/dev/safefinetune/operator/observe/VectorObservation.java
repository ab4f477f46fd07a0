package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.SecurityVector;
import java.util.List;
import java.util.Set;

/**
 * All facts about a SecurityVector.
 *
 * @param resource the resource itself
 * @param run what exists of its run
 * @param claims names of the volume claims that it names and that exist, until the run has begun
 * @param others the resources of its namespace, of either kind, that may have a claim to its place
 */
public record VectorObservation(SecurityVector resource, RunFacts run, Set<String> claims, List<Claimant> others)
        implements Observation<SecurityVector> {
    public VectorObservation {
        claims = Set.copyOf(claims);
        others = List.copyOf(others);
    }
}
