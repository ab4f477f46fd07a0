package dev.safefinetune.operator.observe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object that a resource controls, of its current run or of an earlier one, and that takes up room.
 *
 * @param kind what it is
 * @param name its name
 * @param uid its uid, so that nothing that has taken its name is deleted in its place
 * @param run the run that it belongs to
 * @param ended when its Job ended; absent for a Job at work, for a volume claim and for a pod
 */
public record RunObject(
        Kind kind,
        String name,
        String uid,
        String run,
        @Nullable Instant ended) {
    /** What a run makes that is cleaned up after it. */
    public enum Kind {
        JOB("Job"),
        SCRATCH("PersistentVolumeClaim"),
        /** One that its Job takes for one at work although its trainer has failed. */
        POD("Pod");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As Kubernetes calls it. */
        public String text() {
            return text;
        }
    }
}
