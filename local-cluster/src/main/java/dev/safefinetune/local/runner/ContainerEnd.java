package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateTerminatedBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How a container's process ended.
 *
 * @param exitCode 128 and the signal's number where a signal ended it
 * @param reason Completed, Error, OOMKilled or one of a start that failed
 * @param message what it left in its termination message
 * @param peakBytes its largest resident set
 */
record ContainerEnd(int exitCode, String reason, String message, Instant started, Instant finished, long peakBytes) {

    ContainerStateTerminated toStatus(String id) {
        return new ContainerStateTerminatedBuilder()
                .withExitCode(exitCode)
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .withStartedAt(time(started))
                .withFinishedAt(time(finished))
                .withContainerID(id)
                .build();
    }

    static String time(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
