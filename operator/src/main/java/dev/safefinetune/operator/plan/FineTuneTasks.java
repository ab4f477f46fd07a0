package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.AnchorSpec;
import dev.safefinetune.api.v1alpha1.CooldownSpec;
import dev.safefinetune.api.v1alpha1.GateSpec;
import dev.safefinetune.api.v1alpha1.GateUnit;
import dev.safefinetune.api.v1alpha1.JudgeSpec;
import dev.safefinetune.api.v1alpha1.OutputContent;
import dev.safefinetune.api.v1alpha1.RepairMode;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgeInput;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.VectorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a SafeFineTune's stages.
 *
 * @param spec what the user wishes
 * @param cuda whether it is trained on CUDA GPUs
 * @param served suites of the platform, by which it is judged
 */
public record FineTuneTasks(SafeFineTuneSpec spec, boolean cuda, List<ServedSuite> served) {
    public FineTuneTasks {
        served = List.copyOf(served);
    }

    /** Where the platform asks no suite of its own. */
    public FineTuneTasks(SafeFineTuneSpec spec, boolean cuda) {
        this(spec, cuda, List.of());
    }

    /**
     * The first stage, with the suite and the vector that were chosen for the run, and what the suite has to show.
     *
     * @param suite the run's own, or its vector's; absent where the platform's are all that is asked
     */
    public StageTask.Prepare prepare(
            @Nullable SuiteSpec suite, @Nullable VectorInput vector, EvaluationThresholds thresholds) {
        return new StageTask.Prepare(
                Layout.SCRATCH,
                Layout.source(spec.model().uri()),
                Layout.source(spec.dataset().uri()),
                spec.dataset().validation().splitPercent(),
                source(spec.safety().cooldown().dataset()),
                suite == null ? null : Layout.source(suite.prompts().uri()),
                suite == null ? null : source(suite.utility()),
                vector,
                ContractSettings.fineTuning(spec.method(), cuda),
                Layout.target(spec.output().uri()),
                thresholds.with(repair(vector)),
                format(),
                judge(),
                served);
    }

    /** Training, with the vector that was pinned at the start. */
    public StageTask.Train train(Inputs inputs, @Nullable VectorInput vector) {
        CooldownSpec cooldown = spec.safety().cooldown();
        return new StageTask.Train(
                Layout.SCRATCH,
                inputs,
                ContractSettings.fineTuning(spec.method(), cuda),
                vector,
                vector == null ? Gate.OFF : gate(spec.safety().gate()),
                vector == null ? null : scope(),
                vector == null ? null : anchor(),
                // Without a vector, only trusted samples make a cooldown.
                vector == null && cooldown.dataset() == null ? 0 : cooldown.steps(),
                cooldown.learningRate() == null
                        ? null
                        : ContractSettings.number("spec.safety.cooldown.learningRate", cooldown.learningRate()),
                vector == null ? ScreeningAction.OFF : screening(),
                spec.safety().evaluation().controlArm(),
                ContractSettings.checkpointing(spec.checkpoint()));
    }

    /** The judgement of a run, which is told what suites its vectors have proved. */
    public StageTask.Evaluate evaluate(
            Inputs inputs, EvaluationThresholds thresholds, String run, @Nullable VectorInput vector) {
        JudgeSpec judge = spec.safety().evaluation().judge();
        return new StageTask.Evaluate(
                Layout.SCRATCH,
                inputs,
                thresholds.with(repair(vector)),
                spec.safety().evaluation().controlArm(),
                spec.method().hyperparameters().seed(),
                Layout.refusal(spec.output().uri(), run),
                vector == null ? null : vector.allProvenSuites(),
                judge == null ? null : ContractSettings.judge(judge),
                served);
    }

    /** Publication, only to be made after a Passed verdict. */
    public StageTask.Publish publish(Inputs inputs) {
        return new StageTask.Publish(
                Layout.SCRATCH,
                inputs,
                spec.output().content() == OutputContent.ADAPTER ? PublishedContent.ADAPTER : PublishedContent.MERGED,
                Layout.target(spec.output().uri()));
    }

    private @Nullable JudgeInput judge() {
        JudgeSpec judge = spec.safety().evaluation().judge();
        if (judge == null) {
            return null;
        }
        String digest = judge.digest();
        return new JudgeInput(
                Layout.source(judge.uri()), digest == null ? null : new Digest(digest), ContractSettings.judge(judge));
    }

    private DatasetFormat format() {
        return switch (spec.dataset().format()) {
            case MESSAGES -> DatasetFormat.MESSAGES;
            case TEXT -> DatasetFormat.TEXT;
        };
    }

    private static @Nullable Source source(@Nullable SourceSpec spec) {
        return spec == null ? null : Layout.source(spec.uri());
    }

    private static Gate gate(GateSpec gate) {
        return switch (gate.mode()) {
            case CALIBRATED -> gate.unit() == GateUnit.TOKENS ? Gate.ofTokens() : Gate.CALIBRATED;
            case FIXED -> Gate.fixed(ContractSettings.number("spec.safety.gate.drop", gate.drop()));
            case OFF -> Gate.OFF;
        };
    }

    private @Nullable AnchorSettings anchor() {
        AnchorSpec anchor = spec.safety().anchor();
        String weight = anchor.weight();
        return switch (anchor.mode()) {
            case ENABLED ->
                weight == null
                        ? AnchorSettings.of(
                                ContractSettings.fineTuning(spec.method(), cuda).method())
                        : new AnchorSettings(ContractSettings.number("spec.safety.anchor.weight", weight));
            case DISABLED -> null;
        };
    }

    /** Without a vector there is nothing to repair with, whatever a schema of an older release let in. */
    private Repair repair(@Nullable VectorInput vector) {
        return vector != null && spec.safety().repair() == RepairMode.ONCE ? Repair.ONCE : Repair.DISABLED;
    }

    private VectorScope scope() {
        return switch (spec.safety().vectorScope()) {
            case ALL_SAMPLES -> VectorScope.ALL_SAMPLES;
            case DOUBTFUL_SAMPLES -> VectorScope.DOUBTFUL_SAMPLES;
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
