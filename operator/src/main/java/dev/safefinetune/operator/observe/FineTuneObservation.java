package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.operator.attempt.Attempts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All facts about a SafeFineTune.
 *
 * @param resource the resource itself
 * @param run what exists of its run
 * @param vectors the SecurityVectors that it may use, until the run has begun: the one that it names, or those for its base model
 * @param outOfSight namespace of the one that it names, where the operator has no right to read it
 * @param policies all policies of the cluster
 * @param namespaceLabels labels of its namespace
 * @param claims names of the volume claims that it names and that exist, until the run has begun
 * @param others the resources of its namespace, of either kind, that may have a claim to its place
 * @param attempts those on record, while the next stages are training or a judgement; absent where attempts are not counted,
 *     because no policy selects the namespace
 */
public record FineTuneObservation(
        SafeFineTune resource,
        RunFacts run,
        List<SecurityVector> vectors,
        @Nullable String outOfSight,
        List<SafeFineTunePolicy> policies,
        Map<String, String> namespaceLabels,
        Set<String> claims,
        List<Claimant> others,
        @Nullable Attempts attempts)
        implements Observation<SafeFineTune> {
    public FineTuneObservation {
        vectors = List.copyOf(vectors);
        policies = List.copyOf(policies);
        namespaceLabels = Map.copyOf(namespaceLabels);
        claims = Set.copyOf(claims);
        others = List.copyOf(others);
    }
}
