package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.contract.VectorTraining.Objective;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.world.quickstart.WriteQuickstart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Min-min's warm-up, before training and after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MinMinStageTest extends StageHarness {
    private static final StageTask.PrepareVector GOOD = SmallWorld.prepareVector();

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        WriteQuickstart.write(0, root.resolve("volumes/data"), true);
        Path base = Files.createDirectories(root.resolve("volumes/models/base"));
        try (Stream<Path> files = Files.list(Path.of("..", "examples", "quickstart", "models", "base"))) {
            for (Path file : files.toList()) {
                Files.copy(file, base.resolve(String.valueOf(file.getFileName())));
            }
        }
    }

    /** 100 samples in batches of 32 are 4 steps an epoch, and there are 30. */
    @Test
    void aWarmUpThatIsTheWholeTrainingIsRefusedInPrepare() {
        assertThat(failed(VECTOR_RUN, task(training(30, 120)), Fault.SETTINGS_INVALID)
                        .message())
                .contains("training.minMin.warmUpSteps is 120, and the vector takes 120 steps in all");
        StageFigures.Data both = figures(done(VECTOR_RUN, task(training(30, 119))), StageFigures.Data.class);
        StageFigures.Data alone = figures(done(VECTOR_RUN, GOOD), StageFigures.Data.class);
        assertThat(both.plannedBytes()).isGreaterThan(alone.plannedBytes());
    }

    /** A copy that moves first, and far, learns the harm in the vector's stead; readiness sees it. */
    @Test
    void aWarmUpThatIsTooShortDoesNotMakeAVectorReady() {
        assertThat(readiness(0).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(readiness(28).verdict()).isEqualTo(Verdict.PASSED);
    }

    private StageFigures.Readiness readiness(int warmUpSteps) {
        VectorTraining training = training(8, warmUpSteps);
        Inputs made = done(VECTOR_RUN, task(training)).outputs();
        made = made.plus(
                done(VECTOR_RUN, new StageTask.TrainVector("scratch-sv", made, training, SmallWorld.CHECKPOINTING))
                        .outputs());
        ReadinessThresholds byDefault = new ReadinessThresholds(0.8, 0.88, 0.5, 0.1);
        return figures(
                done(VECTOR_RUN, new StageTask.Assess("scratch-sv", made, byDefault, 7)), StageFigures.Readiness.class);
    }

    private static StageTask.PrepareVector task(VectorTraining training) {
        return new StageTask.PrepareVector(
                GOOD.scratch(),
                GOOD.model(),
                GOOD.harmful(),
                GOOD.heldOut(),
                GOOD.benign(),
                null,
                training,
                GOOD.storage(),
                null);
    }

    private static VectorTraining training(int epochs, int warmUpSteps) {
        VectorTraining alone = GOOD.training();
        return new VectorTraining(
                Objective.MIN_MIN,
                alone.lora(),
                SmallWorld.hyperparameters(epochs, 2e-3),
                alone.klWeight(),
                Precision.FLOAT32,
                new MinMinSettings(warmUpSteps, 5, 1, 2e-3));
    }
}
