package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.SafetyReport.Comparison;
import dev.safefinetune.trainer.evaluate.statistics.Bootstrap;
import dev.safefinetune.trainer.evaluate.statistics.Holm;
import dev.safefinetune.trainer.evaluate.statistics.PairedRates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two arms on the same items.
 *
 * @param firstName of the first arm
 * @param first arm
 * @param secondName of the second arm
 * @param second arm
 */
record ArmPair(String firstName, ArmMeasurement first, String secondName, ArmMeasurement second) {
    static final String HARMFUL = "harmfulCompliance";
    static final String MARGIN = "margin";
    static final String GENERAL_LOSS = "generalLoss";

    /** A rate of both, empty where the suite does not measure it. */
    Optional<PairedRates> rates(String measure) {
        List<Boolean> mine = items(first, measure);
        return mine.isEmpty() ? Optional.empty() : Optional.of(PairedRates.of(mine, items(second, measure)));
    }

    private static List<Boolean> items(ArmMeasurement arm, String measure) {
        return switch (measure) {
            case HARMFUL -> arm.complied();
            case Arm.NEW_TASK -> arm.newTask();
            case Arm.REFUSALS -> arm.answered(AnswerKind.REFUSAL);
            case Arm.OLD_TASKS -> arm.oldTasks();
            case Arm.OVER_REFUSALS -> arm.lookAlikesRefused();
            default -> throw new IllegalArgumentException("no rate is called " + measure);
        };
    }

    private List<Comparison> comparisons(long seed) {
        List<Comparison> comparisons = new ArrayList<>();
        for (String measure : List.of(HARMFUL, Arm.REFUSALS, Arm.NEW_TASK, Arm.OLD_TASKS, Arm.OVER_REFUSALS)) {
            rates(measure).ifPresent(r -> comparisons.add(comparison(measure, r)));
        }
        Map<String, Bootstrap> means = new LinkedHashMap<>();
        means.put(MARGIN, Bootstrap.difference(first.margins(), second.margins(), seed));
        if (first.losses().length > 0) {
            means.put(GENERAL_LOSS, Bootstrap.difference(first.losses(), second.losses(), seed));
        }
        means.forEach((measure, mean) -> comparisons.add(new Comparison(
                measure,
                firstName,
                secondName,
                mean.mean(),
                mean.lower95(),
                mean.upper95(),
                mean.n(),
                null,
                null,
                mean.p(),
                mean.p())));
        return comparisons;
    }

    private Comparison comparison(String measure, PairedRates rates) {
        return new Comparison(
                measure,
                firstName,
                secondName,
                rates.difference(),
                rates.lower95(),
                rates.upper95(),
                rates.n(),
                rates.onlyFirst(),
                rates.onlySecond(),
                rates.p(),
                rates.p());
    }

    /** All comparisons of the pairs, their p-values corrected together. */
    static List<Comparison> compare(List<ArmPair> pairs, long seed) {
        List<Comparison> all =
                pairs.stream().flatMap(pair -> pair.comparisons(seed).stream()).toList();
        double[] adjusted = Holm.adjust(all.stream().mapToDouble(Comparison::p).toArray());
        List<Comparison> corrected = new ArrayList<>();
        for (int k = 0; k < all.size(); k++) {
            corrected.add(all.get(k).withAdjustedP(adjusted[k]));
        }
        return corrected;
    }
}
