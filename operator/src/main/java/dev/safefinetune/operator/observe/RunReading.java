package dev.safefinetune.operator.observe;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.StageFacts.SpecFacts;
import dev.safefinetune.operator.plan.Fingerprint;
import dev.safefinetune.operator.plan.JobDigest;
import dev.safefinetune.operator.plan.Layout;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
 * a label proves nothing. Whoever may make Jobs can name the resource as their controller as well, but of a name there is
 * only one: a Job counts only under the name that the operator gives to that stage of that run, and only if it does the work
 * that stands on the resource as planned.
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
     * @param claims volume claims that bear the resource's labels, and those that a pod waits for
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
        this.jobs = jobs.stream()
                .filter(job -> isControlledBy(job, resource) && isNamedAfterItsStage(job, resource))
                .toList();
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
        RunIdentity run = RunNaming.identity(resource);
        Recorded recorded = Recorded.of(resource).ofRun(run.id());
        Map<Stage, StageFacts> stages = new EnumMap<>(Stage.class);
        for (Job job : jobs) {
            if (run.id().equals(RunNaming.runOf(job))) {
                stage(job)
                        .filter(stage -> recorded.isOurs(
                                stage,
                                job.getMetadata().getName(),
                                JobDigest.of(job).value()))
                        .ifPresent(stage -> stages.put(stage, facts(job, specs)));
            }
        }
        return new RunFacts(
                now,
                run,
                Fingerprint.ofWish(resource).value(),
                Fingerprint.ofParts(resource),
                recorded,
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
        return reading.facts(job, own, () -> spec(specs.apply(job.getMetadata().getName())));
    }

    /** One that can be changed proves nothing of what the pod has read; the operator makes none. */
    private @Nullable SpecFacts spec(@Nullable ConfigMap map) {
        if (map == null
                || !isControlledBy(map, resource)
                || !Boolean.TRUE.equals(map.getImmutable())
                || map.getData() == null) {
            return null;
        }
        String text = map.getData().get(Layout.JOB_FILE);
        return text == null
                ? null
                : new SpecFacts(text, Instant.parse(map.getMetadata().getCreationTimestamp()), false);
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
            String run = runOfScratch(claim);
            if (isControlledBy(claim, resource) && run != null && metadata.getDeletionTimestamp() == null) {
                objects.add(new RunObject(RunObject.Kind.SCRATCH, metadata.getName(), metadata.getUid(), run, null));
            }
        }
        jobs.forEach(job -> objects.addAll(podsToEnd(job)));
        return objects;
    }

    private List<RunObject> podsToEnd(Job job) {
        return pods.stream()
                .filter(pod -> isControlledBy(pod, job.getMetadata().getUid()))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(PodReading::facts)
                .filter(PodFacts::outlivesAFailure)
                .map(pod -> new RunObject(RunObject.Kind.POD, pod.name(), pod.uid(), RunNaming.runOf(job), null))
                .toList();
    }

    /**
     * The run that a claim was made for; absent for one that the operator has not made. A user may let the resource control
     * a claim of his own, so that it goes with the resource: it is no run's leftover, and what lies on it is his.
     */
    private static @Nullable String runOfScratch(PersistentVolumeClaim claim) {
        Map<String, String> labels = claim.getMetadata().getLabels();
        if (labels == null || !Names.MANAGED_BY.equals(labels.get(Names.MANAGED_BY_LABEL))) {
            return null;
        }
        String run = labels.get(Names.RUN_LABEL);
        return run == null || run.isEmpty() ? null : run;
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

    private static boolean isNamedAfterItsStage(Job job, HasMetadata resource) {
        String run = RunNaming.runOf(job);
        return run.equals(Names.runId(resource.getMetadata().getName(), Names.generation(run)))
                && stage(job)
                        .map(stage -> Names.stage(run, stage))
                        .filter(job.getMetadata().getName()::equals)
                        .isPresent();
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
