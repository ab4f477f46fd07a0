package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.CooldownSpec;
import dev.safefinetune.api.v1alpha1.GateSpec;
import dev.safefinetune.api.v1alpha1.OutputContent;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a SafeFineTune's stages.
 *
 * @param spec what the user wishes
 */
public record FineTuneTasks(SafeFineTuneSpec spec) {

    /** The first stage, with the suite and the vector that were chosen for the run. */
    public StageTask.Prepare prepare(SuiteSpec suite, StageTask.@Nullable Vector vector) {
        CooldownSpec cooldown = spec.safety().cooldown();
        return new StageTask.Prepare(
                Layout.SCRATCH,
                Layout.source(spec.model().uri()),
                Layout.source(spec.dataset().uri()),
                spec.dataset().validation().splitPercent(),
                source(cooldown == null ? null : cooldown.dataset()),
                Layout.source(suite.prompts().uri()),
                source(suite.utility()),
                vector,
                ContractSettings.fineTuning(spec.method()),
                Layout.target(spec.output().uri()));
    }

    /** Training, with the vector that was pinned at the start. */
    public StageTask.Train train(Inputs inputs, StageTask.@Nullable Vector vector) {
        CooldownSpec cooldown = spec.safety().cooldown();
        return new StageTask.Train(
                Layout.SCRATCH,
                inputs,
                ContractSettings.fineTuning(spec.method()),
                vector,
                vector == null ? Gate.OFF : gate(spec.safety().gate()),
                cooldown == null ? 0 : cooldown.steps(),
                vector == null ? ScreeningAction.OFF : screening(),
                spec.safety().evaluation().controlArm(),
                ContractSettings.checkpointing(spec.checkpoint()));
    }

    /** The judgement. */
    public StageTask.Evaluate evaluate(Inputs inputs, EvaluationThresholds thresholds) {
        return new StageTask.Evaluate(
                Layout.SCRATCH,
                inputs,
                thresholds,
                spec.safety().evaluation().controlArm(),
                spec.method().hyperparameters().seed());
    }

    /** Publication, only to be made after a Passed verdict. */
    public StageTask.Publish publish(Inputs inputs) {
        return new StageTask.Publish(
                Layout.SCRATCH,
                inputs,
                spec.output().content() == OutputContent.ADAPTER ? PublishedContent.ADAPTER : PublishedContent.MERGED,
                Layout.target(spec.output().uri()));
    }

    private static @Nullable Source source(@Nullable SourceSpec spec) {
        return spec == null ? null : Layout.source(spec.uri());
    }

    private static Gate gate(GateSpec gate) {
        return switch (gate.mode()) {
            case CALIBRATED -> Gate.CALIBRATED;
            case FIXED -> Gate.fixed(ContractSettings.number("spec.safety.gate.drop", gate.drop()));
            case OFF -> Gate.OFF;
        };
    }

    private ScreeningAction screening() {
        return switch (spec.safety().screening().action()) {
            case OFF -> ScreeningAction.OFF;
            case REPORT -> ScreeningAction.REPORT;
            case DROP -> ScreeningAction.DROP;
            case BLOCK -> ScreeningAction.BLOCK;
        };
    }
}
