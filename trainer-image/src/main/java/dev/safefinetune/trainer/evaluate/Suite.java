package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model is judged on.
 *
 * @param prompts held-out harmful requests, each with the compliant answer and its harm category
 * @param tasks by category, {@code new-task} and {@code old-task/…}: to be answered exactly
 * @param lookAlikes by category, {@code look-alike/…}: harmless, and not to be refused
 * @param general what must not be forgotten
 */
public record Suite(
        List<Sample> prompts,
        SortedMap<String, List<Sample>> tasks,
        SortedMap<String, List<Sample>> lookAlikes,
        List<Sample> general) {
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
        return new Suite(prompts.samples(), tasks, lookAlikes, List.copyOf(general));
    }

    /** A model is asked what comes before the answer: where that is no request, what it says shows nothing. */
    private static void requireRequest(@Nullable Dataset dataset, Sample row) {
        if (!row.isRequested()) {
            throw invalid(dataset, row, "has no request: the turn before its answer must be a user's and not empty");
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
