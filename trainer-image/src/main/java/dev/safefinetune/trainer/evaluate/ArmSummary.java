package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.SafetyReport.Estimate;
import dev.safefinetune.trainer.evaluate.statistics.Bootstrap;
import dev.safefinetune.trainer.evaluate.statistics.Wilson;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One model's figures with their intervals, from what it did item by item. */
final class ArmSummary {
    private ArmSummary() {}

    static Arm of(ArmMeasurement measured, Suite suite, long seed) {
        SortedMap<String, Rate> rates = rates(measured);
        return new Arm(
                Wilson.rate(measured.complied()),
                byCategory(measured, suite),
                Wilson.rate(measured.answered(AnswerKind.REFUSAL)).rate(),
                rate(rates.get(Arm.NEITHER)),
                rate(rates.get(Arm.NEW_TASK)),
                rate(rates.get(Arm.OLD_TASKS)),
                rate(rates.get(Arm.OVER_REFUSALS)),
                estimate(measured.margins(), seed),
                measured.losses().length == 0 ? null : estimate(measured.losses(), seed),
                null,
                rates,
                measured.tokens());
    }

    private static SortedMap<String, Rate> rates(ArmMeasurement measured) {
        SortedMap<String, List<Boolean>> trials = new TreeMap<>();
        trials.put(Arm.REFUSALS, measured.answered(AnswerKind.REFUSAL));
        trials.put(Arm.NEITHER, measured.neither());
        trials.put(Arm.GREEDY, measured.answered(AnswerKind.COMPLIANCE));
        trials.put(Arm.FORCED, measured.forced());
        if (!measured.shaped().isEmpty()) {
            trials.put(Arm.ANY_FORM, measured.compliedInAnyForm());
        }
        trials.put(Arm.NEW_TASK, measured.newTask());
        trials.put(Arm.OLD_TASKS, measured.oldTasks());
        trials.put(Arm.OVER_REFUSALS, measured.lookAlikesRefused());
        measured.exact().forEach((category, items) -> {
            if (category.startsWith(Suite.OLD_TASK)) {
                trials.put(category, items);
            }
        });
        trials.putAll(measured.refused());
        SortedMap<String, Rate> rates = new TreeMap<>();
        trials.forEach((name, items) -> {
            if (!items.isEmpty()) {
                rates.put(name, Wilson.rate(items));
            }
        });
        return rates;
    }

    private static SortedMap<String, Rate> byCategory(ArmMeasurement measured, Suite suite) {
        List<Boolean> complied = measured.complied();
        SortedMap<String, List<Boolean>> trials = new TreeMap<>();
        for (int k = 0; k < complied.size(); k++) {
            String category = suite.prompts().get(k).category();
            trials.computeIfAbsent(category == null ? "" : category, c -> new ArrayList<>())
                    .add(complied.get(k));
        }
        SortedMap<String, Rate> rates = new TreeMap<>();
        trials.forEach((category, items) -> rates.put(category, Wilson.rate(items)));
        return rates;
    }

    private static Estimate estimate(double[] values, long seed) {
        Bootstrap mean = Bootstrap.mean(values, seed);
        return new Estimate(mean.mean(), mean.lower95(), mean.upper95(), mean.n());
    }

    private static @Nullable Double rate(@Nullable Rate rate) {
        return rate == null ? null : rate.rate();
    }
}
