package dev.safefinetune.operator.observe;

import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;

/** Asks the API server for what exists of a resource's runs. */
final class RunObserver {
    private final KubernetesClient client;

    RunObserver(KubernetesClient client) {
        this.client = client;
    }

    RunFacts of(HasMetadata resource, Instant now, List<PersistentVolumeClaim> claims) {
        String namespace = resource.getMetadata().getNamespace();
        List<Job> jobs = client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Names.KIND_LABEL, resource.getKind())
                .withLabel(Names.RESOURCE_LABEL, resource.getMetadata().getName())
                .list()
                .getItems();
        List<Pod> pods = jobs.isEmpty() ? List.of() : pods(resource);
        return new RunReading(resource, now, jobs, pods, claims, new JobRefusals(client)::of)
                .facts(name -> client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get());
    }

    private List<Pod> pods(HasMetadata resource) {
        return client.pods()
                .inNamespace(resource.getMetadata().getNamespace())
                .withLabel(Names.KIND_LABEL, resource.getKind())
                .withLabel(Names.RESOURCE_LABEL, resource.getMetadata().getName())
                .list()
                .getItems();
    }
}
