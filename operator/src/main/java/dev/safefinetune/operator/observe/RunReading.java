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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts of a run off Jobs, pods and job specs. An object counts only if the resource controls it: a label
 * proves nothing.
 */
public final class RunReading {
    private RunReading() {}

    /**
     * The facts.
     *
     * @param resource whose run it is
     * @param now the time
     * @param jobs that bear the resource's labels
     * @param pods that bear the run's labels
     * @param specs the ConfigMap of a name, where there is one
     */
    public static RunFacts facts(
            HasMetadata resource,
            Instant now,
            List<Job> jobs,
            List<Pod> pods,
            Function<String, @Nullable ConfigMap> specs) {
        RunIdentity run = identity(resource);
        Map<Stage, StageFacts> stages = new EnumMap<>(Stage.class);
        List<String> leftovers = new ArrayList<>();
        for (Job job : jobs) {
            if (!isControlledBy(job, run.uid())) {
                continue;
            }
            if (isOf(run, job)) {
                stage(job).ifPresent(stage -> stages.put(stage, facts(run, job, pods, specs)));
            } else if (state(job) == StageFacts.State.ACTIVE
                    && job.getMetadata().getDeletionTimestamp() == null) {
                leftovers.add(job.getMetadata().getName());
            }
        }
        return new RunFacts(now, run, stages, leftovers);
    }

    /** The run that the resource's current generation asks for. */
    public static RunIdentity identity(HasMetadata resource) {
        var metadata = resource.getMetadata();
        return new RunIdentity(
                metadata.getNamespace(),
                resource.getKind(),
                metadata.getName(),
                metadata.getUid(),
                Names.runId(metadata.getName(), metadata.getGeneration()));
    }

    private static StageFacts facts(
            RunIdentity run, Job job, List<Pod> pods, Function<String, @Nullable ConfigMap> specs) {
        StageFacts.State state = state(job);
        JobCondition end = end(job);
        String name = job.getMetadata().getName();
        return new StageFacts(
                name,
                state,
                end == null ? null : end.getReason(),
                Instant.parse(job.getMetadata().getCreationTimestamp()),
                end == null || end.getLastTransitionTime() == null ? null : Instant.parse(end.getLastTransitionTime()),
                pods.stream()
                        .filter(pod -> isControlledBy(pod, job.getMetadata().getUid()))
                        .map(PodReading::facts)
                        .toList(),
                state == StageFacts.State.COMPLETE ? spec(run, specs.apply(name)) : null);
    }

    private static @Nullable String spec(RunIdentity run, @Nullable ConfigMap map) {
        return map == null || !isControlledBy(map, run.uid()) || map.getData() == null
                ? null
                : map.getData().get(Layout.JOB_FILE);
    }

    private static boolean isOf(RunIdentity run, Job job) {
        return run.id().equals(job.getMetadata().getLabels().get(Names.RUN_LABEL));
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

    private static boolean isControlledBy(HasMetadata object, String uid) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .anyMatch(uid::equals);
    }
}
