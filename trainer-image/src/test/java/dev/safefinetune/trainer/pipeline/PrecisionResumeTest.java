package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A training is gone on with in the precision that it was begun in, and in no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrecisionResumeTest extends StageHarness {
    /** Sixteen steps. */
    private static final Hyperparameters WALK =
            new Hyperparameters(2, 2e-3, 5, 4096, 64, Hyperparameters.Scheduler.LINEAR, 0.03, 0.98, 0, 1, 7);

    private Inputs made = Inputs.of(new TreeMap<>());

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.writeUntrained(root);
        Path data = root.resolve("volumes/data/user/mixed.jsonl");
        Files.write(data, Files.readAllLines(data).subList(0, 40));
        made = done(RUN, SmallWorld.prepare(null)).outputs();
    }

    private StageTask.Train task(Precision precision) {
        FineTuning whole = SmallWorld.fineTuning();
        return new StageTask.Train(
                "scratch",
                made,
                new FineTuning(whole.method(), whole.lora(), WALK, precision),
                null,
                Gate.OFF,
                null,
                null,
                0,
                null,
                ScreeningAction.OFF,
                false,
                SmallWorld.CHECKPOINTING);
    }

    /** Ends it in the middle of its steps. */
    private void interrupted(Precision precision) {
        interruption = new Interruption();
        clock = new InterruptedStageTest.Asking(interruption, 12);
        String told = toldBy(
                () -> assertThatThrownBy(() -> run(RUN, task(precision))).isInstanceOf(TrainingInterrupted.class));
        assertThat(told).contains("checkpoint written");
        interruption = new Interruption();
        clock = Clock.systemUTC();
    }

    private String toldBy(Runnable work) {
        int begun = told().length();
        work.run();
        return told().substring(begun);
    }

    @Test
    void inBFloat16ItEndsAsIfNothingHadHappened() {
        StageResult unbroken = done(RUN, task(Precision.BFLOAT16));
        interrupted(Precision.BFLOAT16);
        String told = toldBy(() -> assertThat(
                        done(RUN, task(Precision.BFLOAT16)).outputs().get(Inputs.SECURED))
                .isEqualTo(unbroken.outputs().get(Inputs.SECURED)));
        assertThat(told).contains("training resumed");
    }

    @Test
    void inAnotherPrecisionItStartsAnew() {
        for (Precision first : Precision.values()) {
            Precision second = first == Precision.FLOAT32 ? Precision.BFLOAT16 : Precision.FLOAT32;
            StageResult unbroken = done(RUN, task(second));
            interrupted(first);
            String told =
                    toldBy(() -> assertThat(done(RUN, task(second)).outputs().get(Inputs.SECURED))
                            .isEqualTo(unbroken.outputs().get(Inputs.SECURED)));
            assertThat(told).doesNotContain("training resumed");
        }
    }
}
