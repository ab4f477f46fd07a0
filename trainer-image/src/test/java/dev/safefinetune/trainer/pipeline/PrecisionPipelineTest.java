package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.LENIENT;
import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.TrainingReport.Curve;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.store.AtomicDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The small chain in both precisions: a vector that is trained and assessed, a fine-tune under it beside one without, an
 * evaluation. Both end in the same verdicts and have the same course; what is trained in bfloat16 is published both ways.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrecisionPipelineTest extends StageHarness {
    private static final EvaluationThresholds ANYTHING = new EvaluationThresholds(1, 1, 1, 1.0);

    /** As shipped; so few requests never show that a model keeps them. */
    private static final EvaluationThresholds STRICT = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08);

    /** Most by which the course of float32's losses may be missed, of their mean. */
    private static final double MOST = 0.02;

    private static final int STEPS = 50;

    private final Map<Precision, Ending> endings = new EnumMap<>(Precision.class);

    /** What a chain comes to. */
    private record Ending(
            StageFigures.Readiness readiness,
            Curve vector,
            TrainingReport training,
            StageFigures.Evaluation lenient,
            StageFigures.Evaluation strict) {}

    @BeforeAll
    void bothChains(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
        for (Precision precision : Precision.values()) {
            endings.put(precision, chain(precision));
        }
    }

    @Test
    void theVerdictsAreTheSame() {
        for (Ending ending : endings.values()) {
            assertThat(ending.readiness.verdict())
                    .as(ending.readiness.findings().toString())
                    .isEqualTo(Verdict.PASSED);
            assertThat(ending.lenient.verdict()).isEqualTo(Verdict.PASSED);
            assertThat(ending.strict.verdict()).isEqualTo(Verdict.FAILED);
        }
        assertThat(ending(Precision.BFLOAT16).training.screening())
                .as("what screening flags")
                .extracting(s -> Objects.requireNonNull(s).flagged())
                .isEqualTo(Objects.requireNonNull(
                                ending(Precision.FLOAT32).training.screening())
                        .flagged());
    }

    @Test
    void fiftyStepsFollowTheCourseOfFloat32() {
        Ending exact = ending(Precision.FLOAT32);
        Ending half = ending(Precision.BFLOAT16);
        assertThat(missed("vector", exact.vector, half.vector)).isLessThan(MOST);
        assertThat(missed("secured arm", exact.training.secured(), half.training.secured()))
                .isLessThan(MOST);
        assertThat(missed(
                        "plain arm",
                        Objects.requireNonNull(exact.training.plain()),
                        Objects.requireNonNull(half.training.plain())))
                .isLessThan(MOST);
    }

    private Ending ending(Precision precision) {
        return Objects.requireNonNull(endings.get(precision));
    }

    /** Mean distance of two courses over their first steps, by the mean loss. */
    private static double missed(String what, Curve exact, Curve half) {
        List<Double> wanted = losses(exact);
        List<Double> found = losses(half);
        assertThat(wanted).as(what).hasSize(STEPS);
        assertThat(found).as(what).hasSize(STEPS);
        assertThat(found).as("%s: another precision has other losses", what).isNotEqualTo(wanted);
        double difference = 0;
        double sum = 0;
        for (int i = 0; i < STEPS; i++) {
            difference += Math.abs(wanted.get(i) - found.get(i));
            sum += wanted.get(i);
        }
        return difference / sum;
    }

    private static List<Double> losses(Curve curve) {
        return curve.steps().stream()
                .limit(STEPS)
                .map(step -> Objects.requireNonNull(step.loss(), "the gate left out a whole step"))
                .toList();
    }

    private Ending chain(Precision precision) throws IOException {
        String scratch = "scratch-" + precision;
        StageTask.PrepareVector whole = SmallWorld.prepareVector();
        VectorTraining t = whole.training();
        VectorTraining training =
                new VectorTraining(t.objective(), t.lora(), t.hyperparameters(), t.klWeight(), precision);
        Target storage = new Target("pvc://vectors/" + precision, "volumes/vectors/" + precision);
        String own = scratch + "-sv";
        Inputs made = done(
                        VECTOR_RUN,
                        new StageTask.PrepareVector(
                                own,
                                whole.model(),
                                whole.harmful(),
                                whole.heldOut(),
                                whole.benign(),
                                null,
                                training,
                                storage,
                                null))
                .outputs();
        made = made.plus(done(VECTOR_RUN, new StageTask.TrainVector(own, made, training, SmallWorld.CHECKPOINTING))
                .outputs());
        StageResult assessed = done(VECTOR_RUN, new StageTask.Assess(own, made, LENIENT, 7));
        made = made.plus(assessed.outputs());
        StageFigures.Readiness readiness = figures(assessed, StageFigures.Readiness.class);
        done(VECTOR_RUN, new StageTask.Store(own, made, storage));
        VectorInput vector = new VectorInput(
                new Source(storage.uri(), storage.path()),
                made.get(Inputs.VECTOR),
                made.get(Inputs.MODEL),
                Objects.requireNonNull(readiness.gateDrop()),
                readiness.gateShare(),
                made.get(Inputs.REPLAY),
                null,
                null);
        Curve learned =
                VectorCard.read(root.resolve(own + "/trained/record.json")).training();
        return fineTune(precision, scratch, vector, readiness, learned);
    }

    private Ending fineTune(
            Precision precision, String scratch, VectorInput vector, StageFigures.Readiness readiness, Curve learned) {
        FineTuning w = SmallWorld.fineTuning();
        Hyperparameters h = w.hyperparameters();
        // Small batches: fifty steps in two passes over the data.
        Hyperparameters walk = new Hyperparameters(
                h.epochs(), h.learningRate(), 4, h.microBatchTokens(), 64, h.scheduler(), 0.03, 0.98, 0, 1, 7);
        FineTuning settings = new FineTuning(w.method(), w.lora(), walk, precision);
        StageTask.Prepare p = SmallWorld.prepare(vector);
        Inputs made = done(
                        RUN,
                        new StageTask.Prepare(
                                scratch,
                                p.model(),
                                p.dataset(),
                                p.validationPercent(),
                                p.cooldown(),
                                p.prompts(),
                                p.utility(),
                                vector,
                                settings,
                                p.output(),
                                null,
                                DatasetFormat.MESSAGES,
                                null,
                                null))
                .outputs();
        StageTask.Train train = new StageTask.Train(
                scratch,
                made,
                settings,
                vector,
                Gate.CALIBRATED,
                VectorScope.ALL_SAMPLES,
                null,
                3,
                null,
                ScreeningAction.REPORT,
                true,
                SmallWorld.CHECKPOINTING);
        made = made.plus(done(RUN, train).outputs());
        StageResult strict = done(RUN, new StageTask.Evaluate(scratch, made, STRICT, true, 7, null, null, null, null));
        StageResult lenient =
                done(RUN, new StageTask.Evaluate(scratch, made, ANYTHING, true, 7, null, null, null, null));
        made = made.plus(lenient.outputs());
        for (PublishedContent content : PublishedContent.values()) {
            Target out = new Target("pvc://out/" + precision + content, "volumes/out/" + precision + content);
            done(RUN, new StageTask.Publish(scratch, made, content, out));
            AtomicDirectory.verify(root.resolve(out.path()));
        }
        return new Ending(
                readiness,
                learned,
                TrainedRecord.read(root.resolve(scratch + "/trained/record.json"))
                        .training(),
                figures(lenient, StageFigures.Evaluation.class),
                figures(strict, StageFigures.Evaluation.class));
    }
}
