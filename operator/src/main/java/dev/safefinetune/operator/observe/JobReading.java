package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.TrainingStatus;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.operator.observe.JobControl.Hold;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.StageFacts.SpecFacts;
import dev.safefinetune.operator.observe.StageFacts.State;
import dev.safefinetune.operator.plan.Fingerprint;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a Job's spec and status say, as far as a decision needs it.
 *
 * @param now the time
 * @param refusals why the cluster refused a Job's pod; asked only where there is none
 */
record JobReading(Instant now, Function<Job, @Nullable String> refusals) {
    /** A pod is usually there sooner. */
    private static final Duration UNTIL_A_POD = Duration.ofSeconds(3);

    /** {@code earlier} finds the job spec of a Job that an earlier release has made. */
    StageFacts facts(Job job, List<PodFacts> pods, Supplier<@Nullable SpecFacts> earlier) {
        SpecFacts told = spec(job);
        JobCondition end = end(job);
        PodFacts done = doneByItself(job, pods);
        State state = done == null ? state(job) : State.COMPLETE;
        return new StageFacts(
                job.getMetadata().getName(),
                state,
                end == null ? null : end.getReason(),
                Instant.parse(job.getMetadata().getCreationTimestamp()),
                done == null ? ended(job, null) : ended(done),
                pods,
                specDigest(job),
                state != State.COMPLETE ? null : told == null ? earlier.get() : told,
                control(job, state, pods),
                computesOn(job));
    }

    /** An extended resource has a domain in its name; the operator asks for one of GPUs and for no other. */
    private static @Nullable TrainingStatus computesOn(Job job) {
        PodSpec pod = job.getSpec() == null || job.getSpec().getTemplate() == null
                ? null
                : job.getSpec().getTemplate().getSpec();
        return pod == null
                ? null
                : pod.getContainers().stream()
                        .filter(container -> Names.TRAINER.equals(container.getName()))
                        .findFirst()
                        .map(trainer -> limits(trainer).entrySet().stream()
                                .filter(limit -> limit.getKey().contains("/"))
                                .findFirst()
                                .map(gpus -> TrainingStatus.of(
                                        gpus.getValue().getNumericalAmount().intValue(), gpus.getKey(), precision(job)))
                                .orElseGet(() -> TrainingStatus.of(0, TrainingStatus.CPU, precision(job))))
                        .orElse(null);
    }

    private static Map<String, Quantity> limits(Container container) {
        return container.getResources() == null || container.getResources().getLimits() == null
                ? Map.of()
                : container.getResources().getLimits();
    }

    /**
     * The pod whose trainer has done the stage's work in spite of its Job. A Job waits for all containers of its pod: beside
     * one that never ends it never completes, and beside one that fails it tries again, or fails, what was done well.
     */
    private static @Nullable PodFacts doneByItself(Job job, List<PodFacts> pods) {
        return state(job) == State.COMPLETE
                ? null
                : pods.stream()
                        .max(PodFacts.LATEST_LAST)
                        .filter(PodFacts::isDoneByItself)
                        .orElse(null);
    }

    private Instant ended(PodFacts done) {
        Termination end = done.termination();
        return end == null || end.ended() == null ? now : end.ended();
    }

    private static String precision(Job job) {
        String stated = annotation(job, Names.PRECISION_ANNOTATION);
        return stated == null ? TrainingStatus.name(Precision.FLOAT32) : stated;
    }

    private static @Nullable String specDigest(Job job) {
        String text = annotation(job, Names.JOB_SPEC_ANNOTATION);
        return text == null
                ? annotation(job, Names.JOB_SPEC_DIGEST_ANNOTATION)
                : Fingerprint.of(text).value();
    }

    /** The job spec that the template holds; absent on Jobs of earlier releases. */
    private static @Nullable SpecFacts spec(Job job) {
        String text = annotation(job, Names.JOB_SPEC_ANNOTATION);
        return text == null
                ? null
                : new SpecFacts(text, Instant.parse(job.getMetadata().getCreationTimestamp()), true);
    }

    /** Of the pods' template, which nobody can change once the Job is there. */
    private static @Nullable String annotation(Job job, String name) {
        ObjectMeta template = job.getSpec() == null || job.getSpec().getTemplate() == null
                ? null
                : job.getSpec().getTemplate().getMetadata();
        return template == null || template.getAnnotations() == null
                ? null
                : template.getAnnotations().get(name);
    }

    private JobControl control(Job job, State state, List<PodFacts> pods) {
        JobSpec spec = job.getSpec() == null ? new JobSpec() : job.getSpec();
        Hold hold = !Boolean.TRUE.equals(spec.getSuspend())
                ? Hold.NONE
                : RunNaming.annotation(job, Names.HELD_ANNOTATION) == null ? Hold.OTHERS : Hold.OURS;
        boolean makesPods = spec.getParallelism() == null || spec.getParallelism() > 0;
        boolean due = Instant.parse(job.getMetadata().getCreationTimestamp())
                .plus(UNTIL_A_POD)
                .isBefore(now);
        boolean bare = state == State.ACTIVE && hold == Hold.NONE && makesPods && pods.isEmpty() && due;
        return new JobControl(hold, counted(job.getStatus()), makesPods, bare ? refusals.apply(job) : null);
    }

    private static int counted(@Nullable JobStatus status) {
        return status == null
                ? 0
                : orZero(status.getFailed()) + orZero(status.getSucceeded()) + orZero(status.getActive());
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private static State state(Job job) {
        JobCondition end = end(job);
        if (end == null) {
            return State.ACTIVE;
        }
        return end.getType().equals("Complete") ? State.COMPLETE : State.FAILED;
    }

    /** When the Job ended; absent while it is at work. */
    static @Nullable Instant ended(Job job, @Nullable Instant unknown) {
        JobCondition end = end(job);
        if (end == null) {
            return null;
        }
        return end.getLastTransitionTime() == null ? unknown : Instant.parse(end.getLastTransitionTime());
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
}
