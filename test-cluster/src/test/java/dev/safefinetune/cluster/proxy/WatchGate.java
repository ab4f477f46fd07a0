package dev.safefinetune.cluster.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;

/** Lets the events of watches pass, or holds them back. */
final class WatchGate {
    private final Set<InputStream> streams = new HashSet<>();
    private boolean held;

    /** Until {@link #release} no event passes. */
    synchronized void hold() {
        held = true;
    }

    synchronized void release() {
        held = false;
        notifyAll();
    }

    /** Returns once events may pass. */
    synchronized void pass() throws InterruptedException {
        while (held) {
            wait();
        }
    }

    synchronized void opened(InputStream stream) {
        streams.add(stream);
    }

    synchronized void ended(InputStream stream) {
        streams.remove(stream);
    }

    /** Ends all watches. */
    void cut() throws IOException {
        Set<InputStream> open;
        synchronized (this) {
            open = Set.copyOf(streams);
        }
        for (InputStream stream : open) {
            stream.close();
        }
        release();
    }
}
