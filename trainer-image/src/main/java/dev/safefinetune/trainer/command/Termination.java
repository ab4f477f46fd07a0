package dev.safefinetune.trainer.command;

import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How the process ends when a signal asks it to: where a training is under way it gets time for a checkpoint, and
 * everything else ends at once. The exit code is then the signal's, unless the work was done in that time.
 *
 * <p>A shutdown hook and no handler of its own for signals: the JVM has one for SIGTERM, SIGINT and SIGHUP, also as a
 * container's first process, for which the kernel delivers only signals that are handled.
 */
final class Termination {
    private static final Interruption INTERRUPTION = new Interruption();
    private static final CompletableFuture<Integer> ENDED = new CompletableFuture<>();

    /** For commands by hand, where nobody kills soon after; a pod's job spec says how long it has. */
    private static volatile Duration within = Duration.ofMinutes(5);

    private Termination() {}

    /** By which training learns of it. */
    static Interruption interruption() {
        return INTERRUPTION;
    }

    /** Sets the time that a training gets. */
    static void within(Duration time) {
        within = time;
    }

    /** From now on signals are answered so. */
    static void prepare() {
        Runtime.getRuntime().addShutdownHook(new Thread(Termination::shutDown, "termination"));
    }

    /** Ends the process by itself. */
    static void exit(int code) {
        ENDED.complete(code);
        System.exit(code);
    }

    private static void shutDown() {
        if (ENDED.isDone() || !INTERRUPTION.wish()) {
            return;
        }
        try {
            int code = ENDED.get(within.toMillis(), TimeUnit.MILLISECONDS);
            if (code != TrainingInterrupted.EXIT_CODE) {
                Runtime.getRuntime().halt(code);
            }
        } catch (TimeoutException e) {
            System.err.println("trainer: no checkpoint within " + within.toSeconds() + " s; the earlier ones are kept");
        } catch (InterruptedException | ExecutionException e) {
            Thread.currentThread().interrupt();
        }
    }
}
