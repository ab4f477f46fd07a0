package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;

/** The conditions of a Job. */
final class JobConditions {
    private static final Set<String> FINAL = Set.of("Complete", "Failed");

    private JobConditions() {}

    static boolean isFinished(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(c -> FINAL.contains(c.getType()) && "True".equals(c.getStatus()));
    }

    static JobStatus complete(JobStatus status) {
        String reason = "CompletionsReached";
        String message = "Reached expected number of succeeded pods";
        return new JobStatusBuilder(status)
                .withCompletionTime(ContainerEnd.time(Instant.now()))
                .addToConditions(condition("SuccessCriteriaMet", "True", reason, message))
                .addToConditions(condition("Complete", "True", reason, message))
                .build();
    }

    static JobStatus failed(JobStatus status, String reason, String message) {
        return new JobStatusBuilder(status)
                .addToConditions(condition("FailureTarget", "True", reason, message))
                .addToConditions(condition("Failed", "True", reason, message))
                .build();
    }

    /** Says whether the Job is suspended, where that is news. */
    static JobStatus suspended(JobStatus status, boolean suspended) {
        Predicate<JobCondition> own = c -> c.getType().equals("Suspended");
        boolean is = status.getConditions().stream().anyMatch(own.and(c -> "True".equals(c.getStatus())));
        if (is == suspended) {
            return status;
        }
        JobStatus changed = new JobStatusBuilder(status)
                .removeMatchingFromConditions(c -> c.build().getType().equals("Suspended"))
                .build();
        changed.getConditions()
                .add(
                        suspended
                                ? condition("Suspended", "True", "JobSuspended", "Job suspended")
                                : condition("Suspended", "False", "JobResumed", "Job resumed"));
        return changed;
    }

    private static JobCondition condition(String type, String status, String reason, String message) {
        String now = ContainerEnd.time(Instant.now());
        return new JobConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastProbeTime(now)
                .withLastTransitionTime(now)
                .build();
    }
}
