package dev.safefinetune.operator.observe;

import dev.safefinetune.operator.observe.JobControl.Hold;
import dev.safefinetune.operator.observe.StageFacts.SpecFacts;
import dev.safefinetune.operator.observe.StageFacts.State;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    StageFacts facts(Job job, List<PodFacts> pods, Supplier<@Nullable SpecFacts> spec) {
        State state = state(job);
        JobCondition end = end(job);
        return new StageFacts(
                job.getMetadata().getName(),
                state,
                end == null ? null : end.getReason(),
                Instant.parse(job.getMetadata().getCreationTimestamp()),
                ended(job, null),
                pods,
                specDigest(job),
                state == State.COMPLETE ? spec.get() : null,
                control(job, state, pods));
    }

    /** Of the pods' template, which nobody can change once the Job is there. */
    private static @Nullable String specDigest(Job job) {
        ObjectMeta template = job.getSpec() == null || job.getSpec().getTemplate() == null
                ? null
                : job.getSpec().getTemplate().getMetadata();
        return template == null || template.getAnnotations() == null
                ? null
                : template.getAnnotations().get(Names.JOB_SPEC_ANNOTATION);
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
