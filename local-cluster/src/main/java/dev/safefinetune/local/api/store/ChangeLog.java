package dev.safefinetune.local.api.store;

import dev.safefinetune.local.api.model.ApiFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The last changes in order. A watch that fell behind further than this is told so and lists again. */
public final class ChangeLog {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Deque<Change> changes = new ArrayDeque<>();
    private long oldest;
    private long newest;
    private boolean closed;

    ChangeLog(int capacity, long start) {
        this.capacity = capacity;
        this.oldest = start;
        this.newest = start;
    }

    void append(Change change) {
        lock.lock();
        try {
            changes.addLast(change);
            newest = change.version();
            if (changes.size() > capacity) {
                oldest = changes.removeFirst().version();
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait; watches are closed. */
    void close() {
        lock.lock();
        try {
            closed = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The changes after a version, waiting for the first one for a while.
     *
     * @return empty when nothing happened in time
     * @throws ApiFault 410 when changes after that version are no longer known
     */
    public List<Change> after(long version, long waitMillis) throws InterruptedException {
        lock.lock();
        try {
            if (version < oldest) {
                throw ApiFault.expired(version, oldest);
            }
            long left = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (newest <= version && left > 0 && !closed) {
                left = grown.awaitNanos(left);
            }
            if (newest <= version) {
                return List.of();
            }
            List<Change> later = new ArrayList<>();
            for (var newestFirst = changes.descendingIterator(); newestFirst.hasNext(); ) {
                Change change = newestFirst.next();
                if (change.version() <= version) {
                    break;
                }
                later.add(change);
            }
            return later.reversed();
        } finally {
            lock.unlock();
        }
    }
}
