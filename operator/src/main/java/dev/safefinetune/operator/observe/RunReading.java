package dev.safefinetune.operator.observe;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.StageFacts.SpecFacts;
import dev.safefinetune.operator.plan.Fingerprint;
import dev.safefinetune.operator.plan.Layout;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts of a run off Jobs, pods, volume claims and job specs. An object counts only if the resource controls it:
 * a label proves nothing.
 */
public final class RunReading {
    private final HasMetadata resource;
    private final Instant now;
    private final List<Job> jobs;
    private final List<Pod> pods;
    private final List<PersistentVolumeClaim> claims;
    private final JobReading reading;

    /**
     * @param resource whose run it is
     * @param now the time
     * @param jobs that bear the resource's labels
     * @param pods that bear the resource's labels
     * @param claims the volume claims of the namespace
     * @param refusals why the cluster refused a Job's pod
     */
    public RunReading(
            HasMetadata resource,
            Instant now,
            List<Job> jobs,
            List<Pod> pods,
            List<PersistentVolumeClaim> claims,
            Function<Job, @Nullable String> refusals) {
        this.resource = resource;
        this.now = now;
        this.jobs = jobs.stream().filter(job -> isControlledBy(job, resource)).toList();
        this.pods = pods;
        this.claims = claims;
        this.reading = new JobReading(now, refusals);
    }

    /**
     * The facts.
     *
     * @param specs the ConfigMap of a name, where there is one
     */
    public RunFacts facts(Function<String, @Nullable ConfigMap> specs) {
        RunIdentity run = RunNaming.identity(resource, jobs);
        Map<Stage, StageFacts> stages = new EnumMap<>(Stage.class);
        for (Job job : jobs) {
            if (run.id().equals(RunNaming.runOf(job))) {
                stage(job).ifPresent(stage -> stages.put(stage, facts(job, specs)));
            }
        }
        return new RunFacts(
                now,
                run,
                Fingerprint.ofWish(resource).value(),
                Recorded.of(resource).ofRun(run.id()),
                stages,
                objects(),
                unbound());
    }

    private StageFacts facts(Job job, Function<String, @Nullable ConfigMap> specs) {
        String uid = job.getMetadata().getUid();
        List<PodFacts> own = pods.stream()
                .filter(pod -> isControlledBy(pod, uid))
                .map(PodReading::facts)
                .toList();
        return reading.facts(
                job, own, () -> spec(job, specs.apply(job.getMetadata().getName())));
    }

    private @Nullable SpecFacts spec(Job job, @Nullable ConfigMap map) {
        if (map == null || !isControlledBy(map, resource) || map.getData() == null) {
            return null;
        }
        String text = map.getData().get(Layout.JOB_FILE);
        return text == null
                ? null
                : new SpecFacts(text, Instant.parse(map.getMetadata().getCreationTimestamp()), annotation(job));
    }

    /** Of the pods' template, which nobody can change once the Job is there. */
    private static @Nullable String annotation(Job job) {
        ObjectMeta template = job.getSpec() == null || job.getSpec().getTemplate() == null
                ? null
                : job.getSpec().getTemplate().getMetadata();
        return template == null || template.getAnnotations() == null
                ? null
                : template.getAnnotations().get(Names.JOB_SPEC_ANNOTATION);
    }

    private List<RunObject> objects() {
        List<RunObject> objects = new ArrayList<>();
        for (Job job : jobs) {
            if (job.getMetadata().getDeletionTimestamp() == null) {
                objects.add(new RunObject(
                        RunObject.Kind.JOB,
                        job.getMetadata().getName(),
                        job.getMetadata().getUid(),
                        RunNaming.runOf(job),
                        JobReading.ended(job, now)));
            }
        }
        for (PersistentVolumeClaim claim : claims) {
            var metadata = claim.getMetadata();
            if (isControlledBy(claim, resource) && metadata.getDeletionTimestamp() == null) {
                String run =
                        metadata.getLabels() == null ? "" : metadata.getLabels().getOrDefault(Names.RUN_LABEL, "");
                objects.add(new RunObject(RunObject.Kind.SCRATCH, metadata.getName(), metadata.getUid(), run, null));
            }
        }
        return objects;
    }

    private Set<String> unbound() {
        return claims.stream()
                .filter(claim -> claim.getStatus() != null
                        && List.of("Pending", "Lost")
                                .contains(String.valueOf(claim.getStatus().getPhase())))
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static Optional<Stage> stage(Job job) {
        String text = job.getMetadata().getLabels().get(Names.STAGE_LABEL);
        return Arrays.stream(Stage.values()).filter(s -> s.text().equals(text)).findFirst();
    }

    private static boolean isControlledBy(HasMetadata object, HasMetadata resource) {
        return isControlledBy(object, resource.getMetadata().getUid());
    }

    private static boolean isControlledBy(HasMetadata object, String uid) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .anyMatch(uid::equals);
    }
}
