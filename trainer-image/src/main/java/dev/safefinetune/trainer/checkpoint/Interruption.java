package dev.safefinetune.trainer.checkpoint;

/**
 * The wish that the process ends, from the thread that a signal wakes to the one that trains.
 *
 * <p>While training is <em>attended</em>, it notices the wish by itself, between two micro-batches at the latest, saves
 * what it has and ends. At all other times there is nothing to save, and the process may end at once.
 */
public final class Interruption {
    private boolean wished;
    private boolean attended;

    /** Wishes the end; true where the one who trains will notice and end by itself. */
    public synchronized boolean wish() {
        wished = true;
        return attended;
    }

    /** Whether the end is wished. */
    public synchronized boolean isWished() {
        return wished;
    }

    /**
     * From now on a wish is noticed.
     *
     * @throws TrainingInterrupted where the end is wished already
     */
    public synchronized void attend() {
        if (wished) {
            throw new TrainingInterrupted("asked to end before there was anything to save");
        }
        attended = true;
    }

    /** From now on a wish is not noticed any more; false where one has come, which has to be answered first. */
    public synchronized boolean release() {
        if (wished) {
            return false;
        }
        attended = false;
        return true;
    }
}
