package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the pods of Jobs and counts how they end, as the job controller of a real cluster does. */
final class JobController implements AutoCloseable {
    private final KubernetesClient client;
    private final Duration firstBackoff;
    private final WorkQueue queue = new WorkQueue("jobs", this::reconcile);
    private final SharedIndexInformer<Job> jobs;
    private final SharedIndexInformer<Pod> pods;

    /**
     * @param firstBackoff how long after its first failure a pod is replaced; doubled with each further one
     */
    JobController(KubernetesClient client, Duration firstBackoff) {
        this.client = client;
        this.firstBackoff = firstBackoff;
        jobs = client.batch().v1().jobs().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Job job) {
                queue.add(item(job));
            }

            @Override
            public void onUpdate(Job old, Job job) {
                queue.add(item(job));
            }

            @Override
            public void onDelete(Job job, boolean stateUnknown) {
                queue.add(item(job));
            }
        });
        pods = client.pods().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                owner(pod);
            }

            @Override
            public void onUpdate(Pod old, Pod pod) {
                owner(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean stateUnknown) {
                owner(pod);
            }
        });
    }

    private static WorkQueue.Item item(Job job) {
        return new WorkQueue.Item(
                job.getMetadata().getNamespace(), job.getMetadata().getName());
    }

    private void owner(Pod pod) {
        pod.getMetadata().getOwnerReferences().stream()
                .filter(o -> o.getKind().equals("Job"))
                .forEach(o -> queue.add(new WorkQueue.Item(pod.getMetadata().getNamespace(), o.getName())));
    }

    private void reconcile(WorkQueue.Item item) {
        Job job = client.batch()
                .v1()
                .jobs()
                .inNamespace(item.namespace())
                .withName(item.name())
                .get();
        List<Pod> own = podsOf(item, job);
        if (job == null || job.getMetadata().getDeletionTimestamp() != null) {
            own.forEach(this::untrack);
            return;
        }
        if (JobConditions.isFinished(job)) {
            own.stream().filter(PodTally::isEnded).forEach(this::untrack);
            return;
        }
        PodTally tally = new PodTally(job, own);
        JobStatus counted = count(tally);
        JobStatus next = decide(tally, counted, item);
        if (!next.equals(job.getStatus())) {
            job.setStatus(next);
            client.resource(job).updateStatus();
        }
    }

    private List<Pod> podsOf(WorkQueue.Item item, @Nullable Job job) {
        return client.pods().inNamespace(item.namespace()).list().getItems().stream()
                .filter(p -> p.getMetadata().getOwnerReferences().stream()
                        .anyMatch(o -> o.getKind().equals("Job")
                                && o.getName().equals(item.name())
                                && (job == null
                                        || o.getUid().equals(job.getMetadata().getUid()))))
                .toList();
    }

    /** Moves pods that ended into the Job's counters: noted first, so that none is counted twice or never. */
    private JobStatus count(PodTally tally) {
        Job job = tally.job();
        JobStatus status = job.getStatus() == null ? new JobStatus() : job.getStatus();
        UncountedTerminatedPods noted = status.getUncountedTerminatedPods();
        List<String> succeeded = new ArrayList<>(noted == null ? List.of() : noted.getSucceeded());
        List<String> failed = new ArrayList<>(noted == null ? List.of() : noted.getFailed());
        List<Pod> fresh = new ArrayList<>();
        for (Pod pod : tally.uncounted("Succeeded")) {
            note(pod, succeeded, fresh);
        }
        for (Pod pod : tally.uncounted("Failed")) {
            if (tally.action(pod).equals("Ignore")) {
                untrack(pod);
            } else {
                note(pod, failed, fresh);
            }
        }
        if (succeeded.isEmpty() && failed.isEmpty()) {
            return status;
        }
        if (!fresh.isEmpty()) {
            job.setStatus(new JobStatusBuilder(status)
                    .withUncountedTerminatedPods(new UncountedTerminatedPods(failed, succeeded))
                    .build());
            Job written = client.resource(job).updateStatus();
            job.setMetadata(written.getMetadata());
        }
        tally.pods().stream()
                .filter(p -> succeeded.contains(uid(p)) || failed.contains(uid(p)))
                .forEach(this::untrack);
        return new JobStatusBuilder(status)
                .withUncountedTerminatedPods(new UncountedTerminatedPods())
                .withSucceeded(orZero(status.getSucceeded()) + succeeded.size())
                .withFailed(orZero(status.getFailed()) + failed.size())
                .build();
    }

    private static void note(Pod pod, List<String> uids, List<Pod> fresh) {
        if (!uids.contains(uid(pod))) {
            uids.add(uid(pod));
            fresh.add(pod);
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private void untrack(Pod pod) {
        if (PodTally.isTracked(pod)) {
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .edit(p -> new PodBuilder(p)
                            .editMetadata()
                            .removeFromFinalizers(PodTally.TRACKING)
                            .endMetadata()
                            .build());
        }
    }

    private JobStatus decide(PodTally tally, JobStatus counted, WorkQueue.Item item) {
        Job job = tally.job();
        JobStatus status = new JobStatusBuilder(counted).build();
        int succeeded = orZero(status.getSucceeded());
        int failed = orZero(status.getFailed());
        boolean refused = tally.pods().stream()
                .anyMatch(p -> "Failed".equals(p.getStatus().getPhase())
                        && tally.action(p).equals("FailJob"));
        if (Boolean.TRUE.equals(job.getSpec().getSuspend())) {
            tally.active().forEach(this::delete);
            status = JobConditions.suspended(status, true);
            status.setStartTime(null);
        } else {
            status = JobConditions.suspended(status, false);
            if (status.getStartTime() == null) {
                status.setStartTime(ContainerEnd.time(Instant.now()));
            }
            if (refused) {
                return fail(
                        tally, status, "PodFailurePolicy", "A pod failed in a way that the Job's policy ends it for");
            }
            if (failed > job.getSpec().getBackoffLimit()) {
                return fail(tally, status, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
            }
            if (isOverDeadline(job, status, item)) {
                return fail(tally, status, "DeadlineExceeded", "Job was active longer than specified deadline");
            }
            if (succeeded >= job.getSpec().getCompletions()) {
                return JobConditions.complete(withActive(status, 0));
            }
            fillUp(tally, succeeded, failed, item);
        }
        return withActive(status, tally.active().size());
    }

    private boolean isOverDeadline(Job job, JobStatus status, WorkQueue.Item item) {
        Long seconds = job.getSpec().getActiveDeadlineSeconds();
        if (seconds == null) {
            return false;
        }
        Duration left = Duration.between(
                Instant.now(), Instant.parse(status.getStartTime()).plusSeconds(seconds));
        if (left.isNegative() || left.isZero()) {
            return true;
        }
        queue.addAfter(item, left);
        return false;
    }

    private JobStatus fail(PodTally tally, JobStatus status, String reason, String message) {
        tally.active().forEach(this::delete);
        return JobConditions.failed(withActive(status, 0), reason, message);
    }

    private static JobStatus withActive(JobStatus status, int active) {
        status.setActive(active == 0 ? null : active);
        status.setReady(null);
        return status;
    }

    private void delete(Pod pod) {
        client.resource(pod)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    private void fillUp(PodTally tally, int succeeded, int failed, WorkQueue.Item item) {
        Job job = tally.job();
        int occupied = tally.active().size() + tally.terminating().size();
        int wanted = Math.min(
                job.getSpec().getParallelism() - occupied, job.getSpec().getCompletions() - succeeded - occupied);
        if (wanted <= 0) {
            return;
        }
        Duration wait = tally.lastFailure()
                .filter(f -> failed > 0)
                .map(f -> Duration.between(
                        Instant.now(), f.plus(firstBackoff.multipliedBy(1L << Math.min(failed - 1, 5)))))
                .orElse(Duration.ZERO);
        if (!wait.isNegative() && !wait.isZero()) {
            queue.addAfter(item, wait);
            return;
        }
        for (int i = 0; i < wanted; i++) {
            client.resource(pod(job)).create();
        }
        queue.add(item);
    }

    private static Pod pod(Job job) {
        var template = job.getSpec().getTemplate();
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(job.getMetadata().getNamespace())
                .withGenerateName(job.getMetadata().getName() + "-")
                .withLabels(template.getMetadata().getLabels())
                .withAnnotations(template.getMetadata().getAnnotations())
                .withFinalizers(PodTally.TRACKING)
                .addNewOwnerReference()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid(Objects.requireNonNull(job.getMetadata().getUid()))
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    @Override
    public void close() {
        jobs.close();
        pods.close();
        queue.close();
    }
}
