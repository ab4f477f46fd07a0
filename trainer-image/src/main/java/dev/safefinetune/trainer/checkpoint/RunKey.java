package dev.safefinetune.trainer.checkpoint;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.trainer.store.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that decides how a training goes: a state may be gone on with only where all of it is the same.
 *
 * @param facts what was compared, by name: the run, digests of model, data and vector, the settings, the engine
 */
public record RunKey(SortedMap<String, String> facts) {
    private static final int SHORT = 12;

    public RunKey {
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        if (facts.isEmpty()) {
            throw new IllegalArgumentException("a run is known by at least one fact");
        }
    }

    /** The same run with one more fact. */
    public RunKey with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(facts);
        more.put(name, value);
        return new RunKey(more);
    }

    /** The beginning of the facts' digest, as a directory's name: runs that differ never share one. */
    String directory() {
        byte[] text = ContractJson.write(facts).getBytes(StandardCharsets.UTF_8);
        return Digests.ofBytes(text).value().substring("sha256:".length()).substring(0, SHORT);
    }

    /** The first fact in which another run differs, as a sentence's end; empty where none does. */
    Optional<String> difference(RunKey other) {
        for (String name : facts.keySet()) {
            String mine = facts.get(name);
            String others = other.facts.get(name);
            if (mine == null || !mine.equals(others)) {
                return Optional.of(name + " is " + others + ", this run's is " + mine);
            }
        }
        return other.facts.size() == facts.size() ? Optional.empty() : Optional.of("it knows more of its run");
    }
}
