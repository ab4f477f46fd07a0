package dev.safefinetune.local.runner;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls a controller for one object after the other; an object that is named again while it waits is called once. */
final class WorkQueue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkQueue.class.getName());
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration LAST_CALL = Duration.ofSeconds(5);

    /** An object's place. */
    record Item(String namespace, String name) {}

    /** What is to be done with an object. */
    @FunctionalInterface
    interface Work {
        void on(Item item) throws InterruptedException;
    }

    private final ScheduledExecutorService worker;
    private final Work work;
    private final Set<Item> waiting = new HashSet<>();

    WorkQueue(String name, Work work) {
        this.work = work;
        worker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    void add(Item item) {
        synchronized (waiting) {
            if (worker.isShutdown() || !waiting.add(item)) {
                return;
            }
        }
        worker.execute(() -> run(item));
    }

    /** Calls for the object again after a while, whatever happens until then. */
    void addAfter(Item item, Duration delay) {
        if (!worker.isShutdown()) {
            worker.schedule(() -> add(item), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run(Item item) {
        synchronized (waiting) {
            waiting.remove(item);
        }
        try {
            work.on(item);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!worker.isShutdown()) {
                // Most often somebody else wrote at the same time.
                LOG.log(Level.DEBUG, "trying again: {0}", e.getMessage());
                addAfter(item, AFTER_FAILURE);
            }
        }
    }

    /** Returns when no call is under way, or when one has not ended after a while. */
    @Override
    public void close() {
        worker.shutdownNow();
        try {
            worker.awaitTermination(LAST_CALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
