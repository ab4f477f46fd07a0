package dev.safefinetune.cluster.proxy;

/**
 * The end of a process at one of its writes.
 *
 * @param write its number, counted from 1, elections aside
 * @param moment how far the write comes
 * @param death ends the process
 */
public record Strike(int write, Moment moment, Runnable death) {
    /** How far a write comes before its process dies. */
    public enum Moment {
        NOT_FORWARDED,
        ANSWER_LOST,
        ANSWERED
    }
}
