package dev.safefinetune.trainer.checkpoint;

/**
 * The process was asked to end, and does. Neither a failure nor a result: the same command, or another pod of the same
 * Job, goes on from the newest checkpoint.
 */
public final class TrainingInterrupted extends RuntimeException {
    /** What a process that SIGTERM ended exits with: 128 and the signal's number. */
    public static final int EXIT_CODE = 143;

    public TrainingInterrupted(String message) {
        super(message);
    }
}
