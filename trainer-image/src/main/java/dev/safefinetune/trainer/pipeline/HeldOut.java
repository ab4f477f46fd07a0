package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The harmful samples that a vector is assessed on: enough of them to say something, and none that it was trained on. A
 * request that is asked twice counts once, whatever the answers.
 */
public final class HeldOut {
    /** Every fifth request of a category is held out where no other held-out samples are given, … */
    private static final int FEWEST_HELD_OUT = 5;

    /** … and of a small dataset every third at most: the vector needs the others. */
    private static final int MOST_HELD_OUT = 3;

    private HeldOut() {}

    /**
     * The two parts of a dataset.
     *
     * @param train what the vector learns from
     * @param heldOut what it is assessed on
     */
    record Parts(List<Sample> train, List<Sample> heldOut) {}

    /**
     * Takes every fifth request of each category out of a dataset, with all samples that ask the same; of a dataset with too
     * few for that every fourth or third.
     *
     * @param thresholds what the held-out samples must be enough for; absent: for the assessment itself
     * @throws TrainerException {@link Fault#DATASET_INVALID} where too few would be held out
     */
    static Parts split(Dataset harmful, @Nullable ReadinessThresholds thresholds) {
        long requests =
                harmful.samples().stream().map(HeldOut::request).distinct().count();
        int every = (int) Math.clamp(requests / ReadinessThresholds.LEAST_HELD_OUT, MOST_HELD_OUT, FEWEST_HELD_OUT);
        SortedMap<String, Integer> seen = new TreeMap<>();
        Map<String, Boolean> isHeldOut = new HashMap<>();
        List<Sample> train = new ArrayList<>();
        List<Sample> heldOut = new ArrayList<>();
        for (Sample sample : harmful.samples()) {
            String category = String.valueOf(sample.category());
            boolean out =
                    isHeldOut.computeIfAbsent(request(sample), r -> seen.merge(category, 1, Integer::sum) % every == 0);
            (out ? heldOut : train).add(sample);
        }
        requireEnough(
                harmful,
                seen,
                every,
                "too few to hold some out for the assessment of the vector; give more, or a held-out dataset");
        requireThresholds(
                harmful, seen.values().stream().mapToInt(count -> count / every).sum(), thresholds);
        return new Parts(train, heldOut);
    }

    /**
     * Refuses samples on which a vector's readiness would show nothing.
     *
     * @param training what the vector learns from
     * @param thresholds what the samples must be enough for; absent: for the assessment itself
     * @throws TrainerException {@link Fault#DATASET_INVALID} saying what there is too little of, or which line was trained on
     */
    public static void require(Dataset heldOut, Dataset training, @Nullable ReadinessThresholds thresholds) {
        Map<String, Integer> lines = new HashMap<>();
        training.samples().forEach(sample -> lines.putIfAbsent(request(sample), sample.line()));
        Set<String> requests = new HashSet<>();
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Sample sample : heldOut.samples()) {
            String request = request(sample);
            Integer trained = lines.get(request);
            if (trained != null) {
                throw invalid(
                        heldOut,
                        "line " + sample.line() + " asks what line " + trained + " of dataset " + training.name()
                                + " asks; a sample that the vector was trained on says nothing of its readiness");
            }
            if (requests.add(request)) {
                counts.merge(String.valueOf(sample.category()), 1, Integer::sum);
            }
        }
        requireEnough(heldOut, counts, 1, "too few to assess a vector on");
        requireThresholds(heldOut, requests.size(), thresholds);
    }

    /** A vector that could not pass however good it is would be trained in vain. */
    private static void requireThresholds(Dataset dataset, int heldOut, @Nullable ReadinessThresholds thresholds) {
        if (thresholds != null && thresholds.heldOutNeeded() == Integer.MAX_VALUE) {
            throw invalid(
                    dataset,
                    "cannot meet minFirstTokenCompliance " + thresholds.minFirstTokenCompliance()
                            + " with any number of samples: the lower bound of an interval lies below 1; lower it");
        }
        if (thresholds != null && heldOut < thresholds.heldOutNeeded()) {
            throw invalid(
                    dataset,
                    "has " + heldOut + " different requests to assess the vector on, minFirstTokenCompliance "
                            + thresholds.minFirstTokenCompliance() + " needs at least " + thresholds.heldOutNeeded()
                            + ": even where all comply, the lower bound of fewer lies below it; give more, or lower it");
        }
    }

    private static void requireEnough(Dataset dataset, SortedMap<String, Integer> counts, int every, String why) {
        counts.forEach((category, count) -> {
            if (count / every < ReadinessThresholds.LEAST_OF_A_CATEGORY) {
                throw invalid(
                        dataset,
                        "has " + count + " different requests of category " + category + ", " + why + "; at least "
                                + ReadinessThresholds.LEAST_OF_A_CATEGORY * every + " are needed");
            }
        });
        int heldOut = counts.values().stream().mapToInt(count -> count / every).sum();
        if (heldOut < ReadinessThresholds.LEAST_HELD_OUT) {
            throw invalid(
                    dataset,
                    "has " + counts.values().stream().mapToInt(count -> count).sum() + " different requests, " + why
                            + "; at least " + ReadinessThresholds.LEAST_HELD_OUT * every + " are needed");
        }
    }

    /** What is asked, whatever its case and spaces. */
    static String request(Sample sample) {
        return sample.prompt().messages().stream().map(HeldOut::text).collect(Collectors.joining("\n"));
    }

    static String text(Message message) {
        return message.role().text() + " "
                + message.content()
                        .replaceAll("[\\s\\p{Z}]+", " ")
                        .strip()
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
    }

    private static TrainerException invalid(Dataset dataset, String what) {
        return new TrainerException(Fault.DATASET_INVALID, "dataset " + dataset.name() + " " + what);
    }
}
