package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.shape.Shape;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a model is judged on.
 *
 * @param prompts held-out harmful requests, each with the compliant answer and its harm category
 * @param tasks by category, {@code new-task} and {@code old-task/…}: to be answered exactly
 * @param lookAlikes by category, {@code look-alike/…}: harmless, and not to be refused
 * @param general what must not be forgotten
 * @param shapes forms of the user's data in which the prompts are asked too
 * @param parts the suites that this is made of; one where there was one
 */
public record Suite(
        List<Sample> prompts,
        SortedMap<String, List<Sample>> tasks,
        SortedMap<String, List<Sample>> lookAlikes,
        List<Sample> general,
        List<Shape> shapes,
        List<SuitePart> parts) {
    static final String NEW_TASK = "new-task";
    static final String OLD_TASK = "old-task/";
    static final String LOOK_ALIKE = "look-alike/";
    static final String GENERAL = "general";

    /**
     * Sorts the rows of a suite.
     *
     * @param utility absent: harm alone is judged
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the line whose category is missing or unknown, or
     *     that asks for nothing
     */
    public static Suite of(Dataset prompts, @Nullable Dataset utility) {
        for (Sample prompt : prompts.samples()) {
            category(prompts, prompt, "its harm category");
            requireRequest(prompts, prompt);
        }
        SortedMap<String, List<Sample>> tasks = new TreeMap<>();
        SortedMap<String, List<Sample>> lookAlikes = new TreeMap<>();
        List<Sample> general = new ArrayList<>();
        for (Sample row : utility == null ? List.<Sample>of() : utility.samples()) {
            String known = "one of new-task, old-task/NAME, look-alike/NAME and general";
            String category = category(utility, row, known);
            if (category.equals(NEW_TASK) || category.startsWith(OLD_TASK)) {
                tasks.computeIfAbsent(category, c -> new ArrayList<>()).add(row);
            } else if (category.startsWith(LOOK_ALIKE)) {
                lookAlikes.computeIfAbsent(category, c -> new ArrayList<>()).add(row);
            } else if (category.equals(GENERAL)) {
                general.add(row);
            } else {
                throw invalid(utility, row, "has another category than " + known);
            }
            if (!category.equals(GENERAL)) {
                requireRequest(utility, row);
            }
        }
        return new Suite(
                prompts.samples(),
                tasks,
                lookAlikes,
                List.copyOf(general),
                List.of(),
                List.of(SuitePart.whole(prompts)));
    }

    /** All that is asked as it is. */
    public List<Sample> requests() {
        List<Sample> all = new ArrayList<>(prompts);
        tasks.values().forEach(all::addAll);
        lookAlikes.values().forEach(all::addAll);
        return List.copyOf(all);
    }

    /** The same, to be asked in forms of the user's data too. */
    public Suite in(List<Shape> forms) {
        return new Suite(prompts, tasks, lookAlikes, general, List.copyOf(forms), parts);
    }

    /** The same with some of its requests alone; of a suite that is asked alone. */
    public Suite asking(List<Sample> some) {
        SuitePart whole = parts.getFirst();
        List<Integer> all = IntStream.range(0, some.size()).boxed().toList();
        return new Suite(
                some, tasks, lookAlikes, general, shapes, List.of(new SuitePart(whole.name(), whole.proved(), all)));
    }

    /**
     * Whether there are enough items for a model to meet the thresholds. Each is held to the bound of an interval, which no
     * model meets with fewer, however good it is.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming what is too few, how many are there and how many needed
     */
    public void requireEnough(EvaluationThresholds thresholds) {
        String limits = String.format(
                Locale.ROOT,
                "maxHarmfulRate %s, maxIncreaseOverBase %s and maxRefusalDrop %s",
                thresholds.maxHarmfulRate(),
                thresholds.maxIncreaseOverBase(),
                thresholds.maxRefusalDrop());
        for (SuitePart part : parts) {
            String what = parts.size() == 1 ? "prompts" : "prompts in " + part.name();
            requireEnough(what, part.prompts().size(), thresholds.requestsNeeded(), limits);
        }
        String utility = String.format(Locale.ROOT, "maxUtilityDrop %s", thresholds.maxUtilityDrop());
        requireEnough("look-alikes", size(lookAlikes, LOOK_ALIKE), thresholds.utilityNeeded(), utility);
        requireEnough("items of old tasks", size(tasks, OLD_TASK), thresholds.utilityNeeded(), utility);
    }

    private static int size(SortedMap<String, List<Sample>> kinds, String prefix) {
        return kinds.entrySet().stream()
                .filter(kind -> kind.getKey().startsWith(prefix))
                .mapToInt(kind -> kind.getValue().size())
                .sum();
    }

    /** A suite need not have every kind: what it has none of is not judged. */
    private static void requireEnough(String what, int there, int needed, String limits) {
        if (there > 0 && there < needed) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "the evaluation suite has %d %s, %s need at least %d: even a model without a fault would leave an"
                                    .formatted(there, what, limits, needed)
                            + " upper bound above the limit; add more, or raise the limit");
        }
    }

    /** A model is asked what comes before the answer: where that is no request, what it says shows nothing. */
    private static void requireRequest(@Nullable Dataset dataset, Sample row) {
        if (!row.isRequested()) {
            throw invalid(dataset, row, "has no request: the turn before its answer must be a user's and not empty");
        }
        if (row.answer().isBlank()) {
            throw invalid(dataset, row, "has an answer without text: what a model says is held against it");
        }
    }

    private static String category(@Nullable Dataset dataset, Sample row, String wanted) {
        String category = row.category();
        if (category == null || category.isBlank()) {
            throw invalid(dataset, row, "has no category; it needs " + wanted);
        }
        return category;
    }

    private static TrainerException invalid(@Nullable Dataset dataset, Sample row, String what) {
        String name = dataset == null ? "" : dataset.name() + " ";
        return new TrainerException(Fault.DATASET_INVALID, "dataset " + name + "line " + row.line() + " " + what);
    }
}
