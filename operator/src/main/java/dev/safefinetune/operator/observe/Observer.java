package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.checks.NamedPlaces;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.attempt.AttemptRecord;
import dev.safefinetune.operator.attempt.Attempts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the facts about a resource.
 *
 * <p>Everything is asked of the API server itself. Caches only tell when to look: what decides on a Job must not be
 * yesterday's news. What others may have thousands of in a namespace is asked for by its name or our labels, never listed.
 */
public final class Observer {
    private final KubernetesClient client;
    private final InstantSource clock;
    private final RunObserver runs;
    private final AttemptRecord attempts;

    public Observer(KubernetesClient client, InstantSource clock, AttemptRecord attempts) {
        this.client = client;
        this.clock = clock;
        this.attempts = attempts;
        this.runs = new RunObserver(client);
    }

    /** The facts about a SafeFineTune; none when it is gone or going. */
    public Optional<FineTuneObservation> fineTune(String namespace, String name) {
        return present(client.resources(SafeFineTune.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(resource -> {
                    List<SafeFineTunePolicy> policies =
                            client.resources(SafeFineTunePolicy.class).list().getItems();
                    RunFacts run = runs.of(resource, now());
                    boolean begins = isToBegin(run, Stage.FINE_TUNE);
                    Map<String, String> labels = policies.isEmpty() ? Map.of() : labels(namespace);
                    VectorsInSight sight = begins ? VectorsInSight.of(client, resource) : VectorsInSight.NONE;
                    return new FineTuneObservation(
                            resource,
                            run,
                            sight.vectors(),
                            sight.outOfSight(),
                            policies,
                            labels,
                            begins ? existing(namespace, NamedPlaces.of(resource.getSpec())) : Set.of(),
                            !isToClaim(run, Stage.FINE_TUNE) || Claimants.isOver(resource)
                                    ? List.of()
                                    : Claimants.besides(resource, client),
                            Policies.selecting(policies, labels).isEmpty() ? null : attempts(run));
                });
    }

    /** Read where it is decided by them. */
    private Attempts attempts(RunFacts run) {
        Stage latest = run.latest(Stage.FINE_TUNE);
        return latest == Stage.PREPARE || latest == Stage.TRAIN ? attempts.read() : Attempts.NONE;
    }

    /** The facts about a SecurityVector; none when it is gone or going. */
    public Optional<VectorObservation> vector(String namespace, String name) {
        return present(client.resources(SecurityVector.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(resource -> {
                    RunFacts run = runs.of(resource, now());
                    return new VectorObservation(
                            resource,
                            run,
                            isToBegin(run, Stage.VECTOR)
                                    ? existing(namespace, NamedPlaces.of(resource.getSpec()))
                                    : Set.of(),
                            !isToClaim(run, Stage.VECTOR) || Claimants.isOver(resource)
                                    ? List.of()
                                    : Claimants.besides(resource, client));
                });
    }

    /** Whether it is still to be found out, or to be written down, what the run begins with. */
    private static boolean isToBegin(RunFacts run, List<Stage> order) {
        RunStatus recorded = run.recorded().run();
        return run.latest(order) == null || recorded == null || recorded.startTime() == null;
    }

    /** Whether the decisions look at the others: where they begin the first stage, and where they begin the last. */
    private static boolean isToClaim(RunFacts run, List<Stage> order) {
        Stage latest = run.latest(order);
        return latest == null || order.indexOf(latest) == order.size() - 2;
    }

    /** In seconds, as Kubernetes writes times. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static <R extends HasMetadata> Optional<R> present(@Nullable R resource) {
        return Optional.ofNullable(resource).filter(r -> r.getMetadata().getDeletionTimestamp() == null);
    }

    private Map<String, String> labels(String namespace) {
        Namespace found = client.namespaces().withName(namespace).get();
        Map<String, String> labels = found == null ? null : found.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    private Set<String> existing(String namespace, NamedPlaces places) {
        return new NamedClaims(client, namespace).existing(places.claims());
    }
}
