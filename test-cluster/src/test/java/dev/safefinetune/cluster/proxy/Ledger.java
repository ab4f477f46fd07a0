package dev.safefinetune.cluster.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The writes that reached the API server, in order, elections aside. */
public final class Ledger {
    /**
     * A write that was carried out or refused.
     *
     * @param code of the answer
     * @param nanoTime when it was answered, as {@link System#nanoTime} tells it
     */
    public record Entry(Write write, int code, long nanoTime) {
        /** Whether it changed something. */
        public boolean isDone() {
            return code < 300;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    synchronized void note(Write write, int code) {
        if (!write.isElection()) {
            entries.add(new Entry(write, code, System.nanoTime()));
        }
    }

    /** All of them. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** How many there are. */
    public synchronized int size() {
        return entries.size();
    }

    /** How often each was done. */
    public Map<String, Integer> done(Predicate<Write> which) {
        Map<String, Integer> counts = new TreeMap<>();
        entries().stream()
                .filter(entry -> entry.isDone() && which.test(entry.write()))
                .forEach(entry -> counts.merge(entry.write().text(), 1, Integer::sum));
        return counts;
    }

    /** How many there were of each kind: verb and resource. */
    public Map<String, Integer> kinds() {
        Map<String, Integer> counts = new TreeMap<>();
        entries()
                .forEach(entry ->
                        counts.merge(entry.write().verb() + " " + entry.write().resource(), 1, Integer::sum));
        return counts;
    }
}
