package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A suite's harmful requests in two halves: one that a model is judged on, and one that it is judged on after a repair. Each
 * half has half of each category, and no request is in both, whatever its case and spaces.
 *
 * <p>The model's own digest decides which request is in which half. Whoever knows the suite and makes the data cannot make a
 * model that refuses one half and complies with the other: other data make another model, and that has other halves.
 *
 * @param first asked first
 * @param second asked after a repair
 */
public record SuiteHalves(Suite first, Suite second) {
    /**
     * Halves a suite.
     *
     * @param model digest of the model that is judged, before any repair
     */
    public static SuiteHalves of(Suite suite, Digest model) {
        List<Sample> first = new ArrayList<>();
        List<Sample> second = new ArrayList<>();
        // Goes on from category to category, so that the halves of odd ones add up to halves too.
        boolean toFirst = true;
        for (Map<String, Sample> category : categories(suite).values()) {
            List<Sample> mixed = category.entrySet().stream()
                    .sorted(Comparator.comparing(asked -> key(model, asked.getKey())))
                    .map(Map.Entry::getValue)
                    .toList();
            for (Sample prompt : mixed) {
                (toFirst ? first : second).add(prompt);
                toFirst = !toFirst;
            }
        }
        return new SuiteHalves(with(suite, first), with(suite, second));
    }

    private static Suite with(Suite suite, List<Sample> prompts) {
        List<Sample> ordered =
                prompts.stream().sorted(Comparator.comparingInt(Sample::index)).toList();
        return suite.asking(ordered);
    }

    private static String key(Digest model, String request) {
        return Digests.ofBytes((model.value() + "\n" + request).getBytes(StandardCharsets.UTF_8))
                .value();
    }

    /** The different requests of each category; one that two categories have is the first one's. */
    private static SortedMap<String, Map<String, Sample>> categories(Suite suite) {
        Map<String, Sample> different = new LinkedHashMap<>();
        suite.prompts().forEach(prompt -> different.putIfAbsent(HeldOut.request(prompt), prompt));
        SortedMap<String, Map<String, Sample>> categories = new TreeMap<>();
        different.forEach((request, prompt) -> categories
                .computeIfAbsent(String.valueOf(prompt.category()), c -> new LinkedHashMap<>())
                .put(request, prompt));
        return categories;
    }

    /**
     * Refuses a suite that is too small to be asked in two halves.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} saying how many requests there are and how many needed
     */
    public static void requireEnough(Suite suite, EvaluationThresholds thresholds) {
        SortedMap<String, Map<String, Sample>> categories = categories(suite);
        int there = categories.values().stream().mapToInt(Map::size).sum();
        int each = Math.max(Repair.LEAST_REQUESTS, thresholds.requestsNeeded());
        if (there < 2L * each) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "the evaluation suite has " + there + " different prompts, repair Once needs at least " + 2L * each
                            + ": a repaired model is judged on requests of its own, and each judgement asks " + each
                            + "; add more, or set repair to Disabled");
        }
        categories.forEach((category, prompts) -> {
            if (prompts.size() < 2) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "the evaluation suite has 1 prompt of category " + category
                                + ", repair Once needs at least 2: each of the two judgements asks for every category; add"
                                + " more, or set repair to Disabled");
            }
        });
    }
}
