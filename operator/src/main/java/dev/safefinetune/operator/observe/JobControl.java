package dev.safefinetune.operator.observe;

import org.jspecify.annotations.Nullable;

/**
 * What keeps a Job from making pods, and how many it has counted.
 *
 * @param hold who holds the Job by its spec.suspend
 * @param counted pods that it has counted, the one at work among them
 * @param makesPods whether it would make one; false when somebody has set its parallelism to 0
 * @param refusal why the cluster refused its pod; absent when it did not, or when a pod is there
 */
public record JobControl(
        Hold hold, int counted, boolean makesPods, @Nullable String refusal) {
    /** A Job at work that nobody holds. */
    public static final JobControl FREE = new JobControl(Hold.NONE, 0, true, null);

    /** Who holds a Job. */
    public enum Hold {
        NONE,
        /** The operator, because its resource is suspended. */
        OURS,
        /** A queue, or somebody's hand. */
        OTHERS
    }
}
