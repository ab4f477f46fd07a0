package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.CooldownSpec;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.RepairMode;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often training goes through its samples in all: a cooldown's steps wear safety down as an epoch's do, and a repair that
 * may come is training too.
 *
 * @param epochs of the training
 * @param cooldownSteps of the cooldown
 * @param repairSteps of a repair; 0 where none is wished
 * @param batchSize samples of a step
 * @param rows samples that are trained on; absent before the dataset was read
 */
public record TotalEpochs(
        int epochs,
        int cooldownSteps,
        int repairSteps,
        int batchSize,
        @Nullable Integer rows) {

    /** The field that counts first. */
    static final String FIELD = "spec.method.hyperparameters.epochs";

    /** As far as it is known before the dataset was read. */
    static TotalEpochs of(SafeFineTuneSpec spec) {
        var settings = spec.method().hyperparameters();
        CooldownSpec cooldown = spec.safety().cooldown();
        return new TotalEpochs(
                settings.epochs(),
                isWithoutSamples(spec, cooldown) ? 0 : cooldown.steps(),
                steps(spec.safety().repair() == RepairMode.ONCE),
                settings.batchSize(),
                null);
    }

    /** Without a vector, only trusted samples make a cooldown. */
    private static boolean isWithoutSamples(SafeFineTuneSpec spec, CooldownSpec cooldown) {
        return spec.safety().protection() == Protection.NONE && cooldown.dataset() == null;
    }

    /** As it is planned for the dataset that was read. */
    public static TotalEpochs of(StageTask.Train train, StageTask.Prepare prepare, StageFigures.Data data) {
        var settings = train.fineTuning().hyperparameters();
        EvaluationThresholds thresholds = prepare.thresholds();
        int heldOut = (int) Math.ceilDiv((long) data.samples() * prepare.validationPercent(), 100);
        return new TotalEpochs(
                settings.epochs(),
                train.cooldownSteps(),
                steps(thresholds != null && thresholds.repairs()),
                settings.batchSize(),
                Math.max(1, data.samples() - heldOut));
    }

    private static int steps(boolean repairs) {
        return repairs ? Repair.STEPS : 0;
    }

    private int moreSteps() {
        return cooldownSteps + repairSteps;
    }

    /** Whether it is certain to be more than a limit. */
    boolean exceeds(int limit) {
        // However many the rows are, a step of the cooldown is more than nothing.
        return rows == null
                ? epochs > limit || epochs == limit && moreSteps() > 0
                : (long) (limit - epochs) * rows < (long) moreSteps() * batchSize;
    }

    /** Why the training is refused whatever the policies say: its cooldown is longer than it may be. */
    public Optional<Refusal> refusalOfCooldown() {
        if (rows == null) {
            return Optional.empty();
        }
        long steps = (long) epochs * Math.ceilDiv(rows, batchSize);
        return cooldownSteps <= Defaults.Cooldown.mostSteps(steps)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Reason.SPEC_INVALID,
                        "spec.safety.cooldown.steps",
                        Integer.toString(cooldownSteps),
                        "the training before it has " + steps + " steps; give as many at most, or "
                                + Defaults.Cooldown.STEPS));
    }

    /** What exceeds a limit, as the value of {@link #FIELD}: the epochs alone where they do. */
    String text(int limit) {
        String own = Integer.toString(epochs);
        if (moreSteps() == 0 || epochs > limit) {
            return own;
        }
        String more = own
                + (cooldownSteps == 0 ? "" : " and spec.safety.cooldown.steps is " + cooldownSteps)
                + (repairSteps == 0 ? "" : " and spec.safety.repair is Once, of " + repairSteps + " steps")
                + ", each of " + batchSize + " samples";
        return rows == null
                ? more + ", which count too"
                : more + ": " + total(rows) + " epochs of " + rows + " samples";
    }

    private String total(int samples) {
        return BigDecimal.valueOf((long) moreSteps() * batchSize)
                .divide(BigDecimal.valueOf(samples), 2, RoundingMode.UP)
                .add(BigDecimal.valueOf(epochs))
                .stripTrailingZeros()
                .toPlainString();
    }
}
