package dev.safefinetune.operator.observe;

import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Asks the API server for what exists of a resource's runs. */
final class RunObserver {
    private final KubernetesClient client;

    RunObserver(KubernetesClient client) {
        this.client = client;
    }

    RunFacts of(HasMetadata resource, Instant now) {
        String namespace = resource.getMetadata().getNamespace();
        List<Job> jobs = client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabels(labels(resource))
                .list()
                .getItems();
        List<Pod> pods = jobs.isEmpty() ? List.of() : pods(resource);
        return new RunReading(resource, now, jobs, pods, claims(resource, pods), new JobRefusals(client)::of)
                .facts(name -> client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get());
    }

    private List<Pod> pods(HasMetadata resource) {
        return client.pods()
                .inNamespace(resource.getMetadata().getNamespace())
                .withLabels(labels(resource))
                .list()
                .getItems();
    }

    /**
     * The scratch claims of the resource's runs, and those that a pod waits for. A namespace may hold thousands of others: they
     * are never listed.
     */
    private List<PersistentVolumeClaim> claims(HasMetadata resource, List<Pod> pods) {
        NamedClaims claims = new NamedClaims(client, resource.getMetadata().getNamespace());
        Map<String, PersistentVolumeClaim> found = new TreeMap<>();
        claims.labelled(labels(resource))
                .forEach(claim -> found.put(claim.getMetadata().getName(), claim));
        pods.stream()
                .filter(pod -> pod.getStatus() != null
                        && "Pending".equals(pod.getStatus().getPhase()))
                .flatMap(pod -> pod.getSpec().getVolumes().stream())
                .flatMap(volume -> Stream.ofNullable(volume.getPersistentVolumeClaim()))
                .map(PersistentVolumeClaimVolumeSource::getClaimName)
                .distinct()
                .filter(name -> !found.containsKey(name))
                .flatMap(name -> claims.find(name).stream())
                .toList()
                .forEach(claim -> found.put(claim.getMetadata().getName(), claim));
        return List.copyOf(found.values());
    }

    private static Map<String, String> labels(HasMetadata resource) {
        return Map.of(
                Names.KIND_LABEL,
                resource.getKind(),
                Names.RESOURCE_LABEL,
                resource.getMetadata().getName());
    }
}
