package dev.safefinetune.operator.attempt;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.RunIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The attempts on record: of each pair of base model and dataset in a namespace the runs that were judged, in their order.
 *
 * @param data lines {@code <run> <seconds since 1970>}, with {@code passed} behind those that did, by the pair's key
 */
public record Attempts(SortedMap<String, String> data) {
    /** Of a ConfigMap, which may hold 1 MiB with everything. */
    private static final int MOST_CHARACTERS = 900_000;

    private static final String PASSED = " passed";
    private static final String ALGORITHM = "sha256:";
    private static final int KEY_LENGTH = 40;

    /** Where nothing was counted yet. */
    public static final Attempts NONE = new Attempts(new TreeMap<>());

    public Attempts {
        data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
    }

    /**
     * The pair that a run belongs to.
     *
     * @param namespace of the run: another tenant's attempts are not this one's
     * @param inputs with the digests of base model and dataset, as Prepare states them
     */
    public static String key(String namespace, Inputs inputs) {
        Digest pair = Digest.of(namespace + "\n" + inputs.get(Inputs.MODEL) + "\n" + inputs.get(Inputs.DATASET));
        // A key of a ConfigMap has no colon.
        return pair.value().substring(ALGORITHM.length(), ALGORITHM.length() + KEY_LENGTH);
    }

    private static String name(RunIdentity run) {
        return run.uid() + "/" + run.id();
    }

    private List<String> lines(String key) {
        String text = data.get(key);
        return text == null || text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }

    private static boolean isOf(String line, RunIdentity run) {
        return line.startsWith(name(run) + " ");
    }

    /** Number of a run among those of its pair that did not pass, from 1: those before it, and itself. */
    public int number(String key, RunIdentity run) {
        int number = 1;
        for (String line : lines(key)) {
            if (isOf(line, run)) {
                break;
            }
            number += line.endsWith(PASSED) ? 0 : 1;
        }
        return number;
    }

    /** With a run that is going to be judged; the same where it is there already. */
    Attempts begun(String key, RunIdentity run, Instant now) {
        List<String> lines = new ArrayList<>(lines(key));
        if (lines.stream().anyMatch(line -> isOf(line, run))) {
            return this;
        }
        lines.add(name(run) + " " + now.getEpochSecond());
        return with(key, lines).shortened(key);
    }

    /** With a run that has passed; the same where it is not there. */
    Attempts passed(String key, RunIdentity run) {
        return with(
                key,
                lines(key).stream()
                        .map(line -> isOf(line, run) && !line.endsWith(PASSED) ? line + PASSED : line)
                        .toList());
    }

    private Attempts with(String key, List<String> lines) {
        if (lines.isEmpty()) {
            return this;
        }
        SortedMap<String, String> changed = new TreeMap<>(data);
        changed.put(key, String.join("\n", lines));
        return new Attempts(changed);
    }

    /** Without the pairs that were left alone for longest, where there are too many; never without the one that was just tried. */
    private Attempts shortened(String kept) {
        SortedMap<String, String> left = new TreeMap<>(data);
        List<String> oldest = data.keySet().stream()
                .filter(key -> !key.equals(kept))
                .sorted(Comparator.comparing(this::latest))
                .toList();
        int size = size(left);
        for (String key : oldest) {
            if (size <= MOST_CHARACTERS) {
                break;
            }
            size -= size(Map.of(key, left.remove(key)));
        }
        return new Attempts(left);
    }

    private long latest(String key) {
        return lines(key).stream()
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .max()
                .orElse(0);
    }

    private static int size(Map<String, String> data) {
        return data.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
    }
}
