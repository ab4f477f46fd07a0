package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.evaluate.SuitePart;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation suite as it is taken in. A run and a vector do it alike, so that the digests of one suite are the same.
 *
 * @param intake of the stage
 * @param source where it lies
 * @param number from 1, among the suites of the run
 */
record SuiteIntake(
        Intake intake,
        SuiteSource source,
        int number,
        Dataset prompts,
        @Nullable Dataset utility) {

    /** Reads the only suite. */
    static SuiteIntake read(Intake intake, SuiteSource source) {
        return read(intake, source, 1);
    }

    /** Reads one of several. */
    static SuiteIntake read(Intake intake, SuiteSource source, int number) {
        Dataset prompts = intake.read(source.prompts());
        Source utility = source.utility();
        return new SuiteIntake(intake, source, number, prompts, utility == null ? null : intake.read(utility));
    }

    /** What is asked; refused where the datasets are none. */
    Suite suite() {
        return Suite.of(prompts, utility);
    }

    /** The same as a part of all that is asked; whether it is proved is known later. */
    SuitePart.Source part() {
        return new SuitePart.Source(prompts, utility, false);
    }

    /** Leaves it to the later stages, where the model can take it. */
    void keep(Encoder encoder) {
        encoder.encode(prompts);
        intake.keep(Inputs.numbered(Inputs.PROMPTS, number), source.prompts(), prompts.samples());
        Source utilitySource = source.utility();
        if (utility != null && utilitySource != null) {
            encoder.encode(utility);
            intake.keep(Inputs.numbered(Inputs.UTILITY, number), utilitySource, utility.samples());
        }
    }
}
