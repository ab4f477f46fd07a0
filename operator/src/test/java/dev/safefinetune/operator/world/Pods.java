package dev.safefinetune.operator.world;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stands in for the job controller and the kubelet: makes a Job's pod and lets it end. */
public final class Pods {
    private final KubernetesClient client;

    public Pods(KubernetesClient client) {
        this.client = client;
    }

    /** Jobs that have not ended and are not held. */
    public List<Job> open(String namespace) {
        return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
                .filter(job -> !Boolean.TRUE.equals(job.getSpec().getSuspend()))
                .filter(job -> job.getStatus() == null
                        || job.getStatus().getConditions() == null
                        || job.getStatus().getConditions().isEmpty())
                .toList();
    }

    /** Runs all open Jobs to their end; true when there were any. */
    public boolean run(String namespace, Function<JobSpec, StageResult> trainer) {
        List<Job> open = open(namespace);
        open.forEach(job -> end(job, trainer.apply(spec(job))));
        return !open.isEmpty();
    }

    public JobSpec spec(Job job) {
        return ContractJson.read(text(job), JobSpec.class);
    }

    /** What the Job's pods are told; a Job of an earlier release has a ConfigMap of its name for it. */
    public String text(Job job) {
        String told = annotation(job, Names.JOB_SPEC_ANNOTATION);
        return told != null
                ? told
                : Objects.requireNonNull(client.configMaps()
                        .inNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName())
                        .require()
                        .getData()
                        .get("job.json"));
    }

    private static @Nullable String annotation(Job job, String name) {
        var annotations = job.getSpec().getTemplate().getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }

    private void end(Job job, StageResult result) {
        int exitCode = result.fault() == null ? 0 : result.fault().exitCode();
        end(job, exitCode, ContractJson.write(result.toldBy(Digest.of(text(job)))));
    }

    /** Lets the Job's pod end with an exit code and a termination message. */
    public void end(Job job, int exitCode, @Nullable String message) {
        ended(pod(job), exitCode, message);
        ended(job, exitCode);
    }

    /** Lets the Job end, whatever its pod does. */
    public void ended(Job job, int exitCode) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        JobStatusBuilder status = new JobStatusBuilder().withStartTime(now);
        if (exitCode == 0) {
            // A real API server wants the first before the second.
            status.addNewCondition()
                    .withType("SuccessCriteriaMet")
                    .withStatus("True")
                    .withLastTransitionTime(now)
                    .endCondition()
                    .addNewCondition()
                    .withType("Complete")
                    .withStatus("True")
                    .withLastTransitionTime(now)
                    .endCondition()
                    .withCompletionTime(now)
                    .withSucceeded(1);
        } else {
            status.addNewCondition()
                    .withType("FailureTarget")
                    .withStatus("True")
                    .withReason("BackoffLimitExceeded")
                    .withLastTransitionTime(now)
                    .endCondition()
                    .addNewCondition()
                    .withType("Failed")
                    .withStatus("True")
                    .withReason("BackoffLimitExceeded")
                    .withLastTransitionTime(now)
                    .endCondition()
                    .withFailed(1);
        }
        job.setStatus(status.build());
        job.getMetadata().setResourceVersion(null);
        client.resource(job).updateStatus();
    }

    /** Lets the Job's trainer end well in a pod that goes on for a mesh's proxy, and with it the Job. */
    public void endsBesideAProxy(Job job) {
        shows(
                job,
                new PodStatusBuilder()
                        .withPhase("Running")
                        .addNewContainerStatus()
                        .withName("proxy")
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .endContainerStatus()
                        .addNewContainerStatus()
                        .withName("trainer")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(0)
                        .withReason("Completed")
                        .withMessage(ContractJson.write(Results.good(spec(job))))
                        .withFinishedAt(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .build());
    }

    /** Lets a pod end, whosever it is. */
    public void ended(Pod pod, int exitCode, @Nullable String message) {
        client.resource(new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName("trainer")
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(exitCode)
                                .withReason(exitCode == 0 ? "Completed" : "Error")
                                .withMessage(message)
                                .endTerminated()
                                .endState()
                                .build())
                        .endStatus()
                        .build())
                .updateStatus();
    }

    /** Lets the Job's pod wait. */
    public void waits(Job job, String reason, String message) {
        status(
                pod(job),
                new PodStatusBuilder()
                        .withPhase("Pending")
                        .addNewCondition()
                        .withType("PodScheduled")
                        .withStatus("False")
                        .withReason(reason)
                        .withMessage(message)
                        .endCondition()
                        .build());
    }

    /** Gives the Job's pod a status. */
    public void shows(Job job, PodStatus status) {
        status(pod(job), status);
    }

    /** Lets the Job's pod run. */
    public void runs(Job job) {
        status(pod(job), running());
    }

    private static PodStatus running() {
        return new PodStatusBuilder()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("trainer")
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .build();
    }

    /** Lets the Job's pod fail, and the Job go on. */
    public void failsOnce(Job job, int exitCode) {
        status(
                pod(job),
                new PodStatusBuilder()
                        .withPhase("Failed")
                        .addNewContainerStatus()
                        .withName("trainer")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withReason("Error")
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .build());
        job.setStatus(new JobStatusBuilder().withFailed(1).build());
        job.getMetadata().setResourceVersion(null);
        client.resource(job).updateStatus();
    }

    /** Another pod takes the place of the one that failed. */
    public void tryAgain(Job job) {
        status(make(job, job.getMetadata().getName() + "-x2"), running());
        job.setStatus(new JobStatusBuilder().withFailed(1).withActive(1).build());
        job.getMetadata().setResourceVersion(null);
        client.resource(job).updateStatus();
    }

    private void status(Pod pod, PodStatus status) {
        pod.setStatus(status);
        pod.getMetadata().setResourceVersion(null);
        client.resource(pod).updateStatus();
    }

    /** The Job's pod, made if it is not there; a conflict while a pod of an earlier Job of that name is. */
    public Pod pod(Job job) {
        String name = job.getMetadata().getName() + "-x1";
        Pod there = client.pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withName(name)
                .get();
        return there != null && there.hasOwnerReferenceFor(job) ? there : make(job, name);
    }

    private Pod make(Job job, String name) {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(job.getMetadata().getNamespace())
                        .withName(name)
                        .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
                        .addNewOwnerReference()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withName(job.getMetadata().getName())
                        .withUid(job.getMetadata().getUid())
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .build())
                .create();
    }
}
