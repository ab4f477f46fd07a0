package dev.safefinetune.operator.observe;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
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

    RunFacts of(HasMetadata resource, Instant now) {
        RunIdentity run = RunReading.identity(resource);
        List<Job> jobs = client.batch()
                .v1()
                .jobs()
                .inNamespace(run.namespace())
                .withLabel(Names.KIND_LABEL, run.kind())
                .withLabel(Names.RESOURCE_LABEL, run.name())
                .list()
                .getItems();
        return RunReading.facts(
                resource,
                now,
                jobs,
                jobs.isEmpty() ? List.of() : pods(run),
                name -> client.configMaps()
                        .inNamespace(run.namespace())
                        .withName(name)
                        .get());
    }

    private List<Pod> pods(RunIdentity run) {
        return client.pods()
                .inNamespace(run.namespace())
                .withLabel(Names.KIND_LABEL, run.kind())
                .withLabel(Names.RUN_LABEL, run.id())
                .list()
                .getItems();
    }
}
