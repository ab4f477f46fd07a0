package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.store.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Training stages whose process is asked to end again and again, everywhere: before, within and between the arms. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterruptedStageTest extends StageHarness {
    private static final int MOST_PROCESSES = 200;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Inputs made = Inputs.of(new TreeMap<>());
    private VectorInput vector = new VectorInput(
            new Source("pvc://vectors/sv", "volumes/vectors/sv"),
            digestOf("a"),
            digestOf("b"),
            1,
            0.0,
            null,
            null,
            null);

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
    }

    /** Asks for the end when it is asked for the time once too often, which is about twice a step. */
    static final class Asking extends Clock {
        private final Interruption interruption;
        private int left;

        Asking(Interruption interruption, int left) {
            this.interruption = interruption;
            this.left = left;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            if (--left == 0) {
                interruption.wish();
            }
            return Instant.now();
        }
    }

    /** Runs a stage in one process after the other; each gets a little further. */
    private StageResult again(dev.safefinetune.contract.RunIdentity run, StageTask task, int ticks, Path scratch)
            throws IOException {
        JobSpec spec = new JobSpec(JobSpec.VERSION, run, task, null);
        EventLog events = new EventLog(new PrintStream(log, true, StandardCharsets.UTF_8), Clock.systemUTC());
        for (int process = 1; process < MOST_PROCESSES; process++) {
            Interruption asked = new Interruption();
            try {
                StageResult result = new StageRunner(root, events, new Asking(asked, ticks), asked).run(spec);
                assertThat(result.fault()).as(result.message() + "\n" + log).isNull();
                assertThat(process).as("processes").isGreaterThan(3);
                assertThat(scratch.resolve("checkpoints")).doesNotExist();
                return result;
            } catch (TrainingInterrupted e) {
                assertNoSampleIn(scratch.resolve("checkpoints"));
            }
        }
        throw new AssertionError("does not come to an end\n" + log);
    }

    private static void assertNoSampleIn(Path checkpoints) throws IOException {
        if (!Files.exists(checkpoints)) {
            return;
        }
        for (String file : Digests.files(checkpoints)) {
            String bytes = Files.readString(checkpoints.resolve(file), StandardCharsets.ISO_8859_1);
            // Words of the quickstart's requests and answers, in the dataset's own spelling.
            assertThat(bytes).as(file).doesNotContain("assistant", "messages", "forbidden", "recipe");
        }
    }

    @Test
    @Order(1)
    void aVectorIsTheSame() throws IOException {
        StageTask.PrepareVector prepare = SmallWorld.prepareVector();
        Inputs inputs = done(SmallWorld.VECTOR_RUN, prepare).outputs();
        assertThat(Files.readString(root.resolve("scratch-sv/prepared/harmful.jsonl")))
                .as("what is looked for in checkpoints is in the data")
                .contains("assistant", "messages");
        StageTask task = new StageTask.TrainVector("scratch-sv", inputs, prepare.training(), SmallWorld.CHECKPOINTING);
        StageResult unbroken = done(SmallWorld.VECTOR_RUN, task);
        StageResult resumed = again(SmallWorld.VECTOR_RUN, task, 40, root.resolve("scratch-sv"));
        assertThat(resumed.outputs().get(Inputs.VECTOR))
                .isEqualTo(unbroken.outputs().get(Inputs.VECTOR));

        inputs = inputs.plus(resumed.outputs());
        StageResult assessed =
                done(SmallWorld.VECTOR_RUN, new StageTask.Assess("scratch-sv", inputs, SmallWorld.LENIENT, 7));
        inputs = inputs.plus(assessed.outputs());
        done(SmallWorld.VECTOR_RUN, new StageTask.Store("scratch-sv", inputs, prepare.storage()));
        Double drop = figures(assessed, StageFigures.Readiness.class).gateDrop();
        vector = new VectorInput(
                vector.source(),
                inputs.get(Inputs.VECTOR),
                inputs.get(Inputs.MODEL),
                drop == null ? 1 : drop,
                0.0,
                inputs.get(Inputs.REPLAY),
                null,
                null);
    }

    @Test
    @Order(2)
    void bothArmsAreTheSame() throws IOException {
        made = done(SmallWorld.RUN, SmallWorld.prepare(vector)).outputs();
        StageTask task = new StageTask.Train(
                "scratch",
                made,
                SmallWorld.fineTuning(),
                vector,
                Gate.CALIBRATED,
                VectorScope.ALL_SAMPLES,
                new AnchorSettings(0.5),
                3,
                null,
                ScreeningAction.REPORT,
                true,
                SmallWorld.CHECKPOINTING);
        StageResult unbroken = done(SmallWorld.RUN, task);
        TrainingReport expected = report();
        log.reset();
        StageResult resumed = again(SmallWorld.RUN, task, 11, root.resolve("scratch"));
        for (String artifact : new String[] {Inputs.SECURED, Inputs.PLAIN}) {
            assertThat(resumed.outputs().get(artifact))
                    .isEqualTo(unbroken.outputs().get(artifact));
        }
        assertThat(report()).isEqualTo(expected);
        String told = log.toString(StandardCharsets.UTF_8);
        assertThat(told.split("trained arm=secured", -1))
                .as("an arm that is done is not trained again\n" + told)
                .hasSize(2);
        assertThat(told).contains("trained before arm=secured", "training resumed arm=plain");
    }

    /** With thresholds that mask tokens of some samples and leave others out. */
    @Test
    @Order(3)
    void aGateOfTokensIsTheSame() throws IOException {
        TokenGate.Band low = new TokenGate.Band(0.02, 0.01);
        StageTask task = new StageTask.Train(
                "scratch",
                made,
                SmallWorld.fineTuning(),
                new VectorInput(
                        vector.source(),
                        vector.digest(),
                        vector.baseDigest(),
                        vector.gateDrop(),
                        vector.gateShare(),
                        vector.replay(),
                        vector.provenSuites(),
                        TokenGate.of(low, low, 0, 1)),
                Gate.ofTokens(),
                VectorScope.ALL_SAMPLES,
                null,
                3,
                null,
                ScreeningAction.REPORT,
                true,
                SmallWorld.CHECKPOINTING);
        StageResult unbroken = done(SmallWorld.RUN, task);
        TrainingReport expected = report();
        StageResult resumed = again(SmallWorld.RUN, task, 11, root.resolve("scratch"));
        assertThat(resumed.outputs().get(Inputs.SECURED))
                .isEqualTo(unbroken.outputs().get(Inputs.SECURED));
        assertThat(report()).isEqualTo(expected);
        assertThat(Objects.requireNonNull(expected.masked()).tokens()).isPositive();
    }

    /** All that the stage reports, but for how long it took. */
    private TrainingReport report() {
        TrainingReport report =
                TrainedRecord.read(root.resolve("scratch/trained/record.json")).training();
        return new TrainingReport(
                report.fineTuning(),
                report.gateDrop(),
                report.gateShare(),
                report.vectorScope(),
                report.cooldownSteps(),
                report.cooldown(),
                report.anchor(),
                timeless(report.secured()),
                timeless(Objects.requireNonNull(report.plain())),
                report.screening(),
                report.masked(),
                report.vectors());
    }

    private static TrainingReport.Curve timeless(TrainingReport.Curve curve) {
        return new TrainingReport.Curve(
                curve.steps(),
                curve.probes(),
                curve.gatedSamples(),
                curve.vectorOffSamples(),
                curve.validationLoss(),
                curve.tokens(),
                0);
    }

    @Test
    @Order(4)
    void anotherRunDoesNotGoOnWithIt() throws IOException {
        StageTask.Train task = SmallWorld.plainTrain(made);
        EventLog events = new EventLog(new PrintStream(log, true, StandardCharsets.UTF_8), Clock.systemUTC());
        Interruption asked = new Interruption();
        log.reset();
        try {
            new StageRunner(root, events, new Asking(asked, 14), asked)
                    .run(new JobSpec(JobSpec.VERSION, SmallWorld.RUN, task, null));
            throw new AssertionError("was to be interrupted");
        } catch (TrainingInterrupted e) {
            assertThat(log.toString(StandardCharsets.UTF_8)).contains("checkpoint written");
        }
        var other = new dev.safefinetune.contract.RunIdentity("team-a", "SafeFineTune", "bot", "uid", "bot-2");
        StageResult result = new StageRunner(root, events, Clock.systemUTC(), new Interruption())
                .run(ContractJson.read(
                        ContractJson.write(new JobSpec(JobSpec.VERSION, other, task, null)), JobSpec.class));
        assertThat(result.fault()).isNull();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .doesNotContain("training resumed")
                .contains("checkpoints of other runs stay");
    }
}
