package dev.safefinetune.operator.observe;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.plan.Layout;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers what exists of a resource's runs. An object counts only if the resource controls it: a label proves nothing. */
final class RunObserver {
    private final KubernetesClient client;

    RunObserver(KubernetesClient client) {
        this.client = client;
    }

    RunFacts of(HasMetadata resource, Instant now) {
        RunIdentity run = identity(resource);
        Map<Stage, StageFacts> stages = new EnumMap<>(Stage.class);
        List<String> leftovers = new ArrayList<>();
        List<Pod> pods = null;
        for (Job job : jobs(run)) {
            if (!run.id().equals(job.getMetadata().getLabels().get(Names.RUN_LABEL))) {
                if (state(job) == StageFacts.State.ACTIVE && job.getMetadata().getDeletionTimestamp() == null) {
                    leftovers.add(job.getMetadata().getName());
                }
                continue;
            }
            pods = pods == null ? pods(run) : pods;
            Optional<Stage> stage = stage(job);
            if (stage.isPresent()) {
                stages.put(stage.get(), facts(run, job, pods));
            }
        }
        return new RunFacts(now, run, stages, leftovers);
    }

    private static RunIdentity identity(HasMetadata resource) {
        var metadata = resource.getMetadata();
        return new RunIdentity(
                metadata.getNamespace(),
                resource.getKind(),
                metadata.getName(),
                metadata.getUid(),
                Names.runId(metadata.getName(), metadata.getGeneration()));
    }

    private List<Job> jobs(RunIdentity run) {
        return client
                .batch()
                .v1()
                .jobs()
                .inNamespace(run.namespace())
                .withLabel(Names.KIND_LABEL, run.kind())
                .withLabel(Names.RESOURCE_LABEL, run.name())
                .list()
                .getItems()
                .stream()
                .filter(job -> run.uid().equals(controller(job)))
                .toList();
    }

    private List<Pod> pods(RunIdentity run) {
        return client.pods()
                .inNamespace(run.namespace())
                .withLabel(Names.KIND_LABEL, run.kind())
                .withLabel(Names.RUN_LABEL, run.id())
                .list()
                .getItems();
    }

    private StageFacts facts(RunIdentity run, Job job, List<Pod> pods) {
        StageFacts.State state = state(job);
        JobCondition end = end(job);
        List<PodFacts> own = pods.stream()
                .filter(pod -> job.getMetadata().getUid().equals(controller(pod)))
                .map(PodReading::facts)
                .toList();
        return new StageFacts(
                job.getMetadata().getName(),
                state,
                end == null ? null : end.getReason(),
                Instant.parse(job.getMetadata().getCreationTimestamp()),
                end == null || end.getLastTransitionTime() == null ? null : Instant.parse(end.getLastTransitionTime()),
                own,
                state == StageFacts.State.COMPLETE ? spec(run, job.getMetadata().getName()) : null);
    }

    private @Nullable String spec(RunIdentity run, String name) {
        ConfigMap map =
                client.configMaps().inNamespace(run.namespace()).withName(name).get();
        return map == null || !run.uid().equals(controller(map)) || map.getData() == null
                ? null
                : map.getData().get(Layout.JOB_FILE);
    }

    private static Optional<Stage> stage(Job job) {
        String text = job.getMetadata().getLabels().get(Names.STAGE_LABEL);
        return Arrays.stream(Stage.values()).filter(s -> s.text().equals(text)).findFirst();
    }

    private static StageFacts.State state(Job job) {
        JobCondition end = end(job);
        if (end == null) {
            return StageFacts.State.ACTIVE;
        }
        return end.getType().equals("Complete") ? StageFacts.State.COMPLETE : StageFacts.State.FAILED;
    }

    private static @Nullable JobCondition end(Job job) {
        if (job.getStatus() == null || job.getStatus().getConditions() == null) {
            return null;
        }
        return job.getStatus().getConditions().stream()
                .filter(c -> "True".equals(c.getStatus()))
                .filter(c -> "Complete".equals(c.getType()) || "Failed".equals(c.getType()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse(null);
    }
}
