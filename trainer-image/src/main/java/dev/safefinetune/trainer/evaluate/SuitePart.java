package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One of the suites that are asked together. Each of them is held to the limits on its own.
 *
 * @param name of its requests, for messages and the report
 * @param proved whether a vector has shown that it sees a model that complies
 * @param prompts its requests, as indexes of the whole suite's
 */
public record SuitePart(String name, boolean proved, List<Integer> prompts) {
    public SuitePart {
        prompts = List.copyOf(prompts);
    }

    /**
     * A suite as it is read.
     *
     * @param prompts its requests
     * @param utility its tasks; absent where it has none
     * @param proved whether a vector has shown that it sees a model that complies
     */
    public record Source(Dataset prompts, @Nullable Dataset utility, boolean proved) {}

    /** Of a suite that is asked alone: who asks knows whether it is proved. */
    static SuitePart whole(Dataset prompts) {
        return new SuitePart(
                prompts.name(),
                false,
                IntStream.range(0, prompts.size()).boxed().toList());
    }

    /**
     * Suites as one. What several of them ask is asked once, and counts for each of them.
     *
     * @param sources at least one
     */
    public static Suite join(List<Source> sources) {
        if (sources.size() == 1) {
            return Suite.of(sources.getFirst().prompts(), sources.getFirst().utility());
        }
        Map<Conversation, Integer> places = new HashMap<>();
        List<Sample> prompts = new ArrayList<>();
        Map<List<Object>, Sample> utility = new LinkedHashMap<>();
        List<SuitePart> parts = new ArrayList<>();
        for (Source source : sources) {
            // Faults are named by the file that has them.
            Suite.of(source.prompts(), source.utility());
            List<Integer> own = new ArrayList<>();
            for (Sample prompt : source.prompts().samples()) {
                own.add(places.computeIfAbsent(prompt.prompt(), asked -> {
                    prompts.add(prompt);
                    return prompts.size() - 1;
                }));
            }
            parts.add(new SuitePart(
                    source.prompts().name(),
                    source.proved(),
                    own.stream().distinct().toList()));
            for (Sample row : rows(source.utility())) {
                utility.putIfAbsent(List.of(String.valueOf(row.category()), row.conversation()), row);
            }
        }
        Suite all = Suite.of(
                new Dataset(names(sources), prompts),
                utility.isEmpty() ? null : new Dataset("utility", List.copyOf(utility.values())));
        return new Suite(all.prompts(), all.tasks(), all.lookAlikes(), all.general(), all.shapes(), parts);
    }

    /** The items of one part. */
    <T> List<T> of(List<T> all) {
        return prompts.stream().map(all::get).toList();
    }

    private static List<Sample> rows(@Nullable Dataset utility) {
        return utility == null ? List.of() : utility.samples();
    }

    private static String names(List<Source> sources) {
        return String.join(", ", sources.stream().map(s -> s.prompts().name()).toList());
    }
}
