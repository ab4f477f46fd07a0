package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.ModelSubject;
import dev.safefinetune.trainer.evaluate.SafetyEvaluation;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A whole model is given, without its adapter: a new one learns on top of it, or all weights do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepairByHandTest extends StageHarness {
    private static final EvaluationThresholds HARM = new EvaluationThresholds(0.03, 0.03, 1, 0.08).with(Repair.ONCE);

    /** Requests of each judgement. */
    private final List<Set<String>> asked = new ArrayList<>();

    private final EventLog log = new EventLog(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), Clock.systemUTC());

    @BeforeAll
    void aModelThatComplies(@TempDir Path directory) throws IOException {
        root = directory;
        RepairWorld world = new RepairWorld(root);
        world.write();
        Inputs made = done(RUN, world.prepare(HARM)).outputs();
        done(RUN, world.train(made));
    }

    private Path model() {
        return root.resolve("scratch/trained/secured");
    }

    private Path base() {
        return root.resolve("volumes/models/base");
    }

    private RepairByHand.Source source(FineTuning settings) {
        TrainingReport written =
                TrainedRecord.read(root.resolve("scratch/trained/record.json")).training();
        TrainingReport training = new TrainingReport(
                settings, null, null, null, 0, null, null, written.secured(), null, null, null, null);
        return new RepairByHand.Source(
                base(),
                model(),
                training,
                Replay.read(root.resolve("volumes/vectors/sv").resolve(Replay.FILE)));
    }

    private SafetyReport judged(FineTuning settings, EvaluationThresholds thresholds, Path out) {
        Suite suite = Suite.of(
                DatasetReader.read(root.resolve("volumes/data/suite/many.jsonl")),
                DatasetReader.read(root.resolve("volumes/data/suite/utility.jsonl")));
        asked.clear();
        RepairOnce.Judge judge = (part, model) -> {
            asked.add(part.prompts().stream().map(HeldOut::request).collect(Collectors.toSet()));
            return new SafetyEvaluation(
                            part, () -> ModelSubject.open(base()), null, () -> ModelSubject.open(model), thresholds, 7)
                    .judged(SafetyEvaluation.Circumstances.BY_HAND, arm -> {});
        };
        StageProgress progress = new StageProgress(Stage.EVALUATE, Clock.systemUTC(), told -> {});
        return RepairByHand.judge(source(settings), suite, judge, out, progress, log);
    }

    @Test
    void aNewAdapterRepairsAMergedModelThatIsWrittenOnceItHasPassed() {
        Path out = root.resolve("repaired");

        SafetyReport report = judged(RepairWorld.fineTuning(), HARM, out);

        assertThat(report.verdict()).as(report.findings().toString()).isEqualTo(Verdict.PASSED);
        assertThat(report.repair()).isNotNull();
        assertThat(asked).hasSize(2).allMatch(requests -> requests.size() == RepairWorld.HALF);
        assertThat(Collections.disjoint(asked.getFirst(), asked.getLast())).isTrue();
        assertThat(ModelDirectory.digest(out)).isNotEqualTo(ModelDirectory.digest(model()));
        assertThat(out.resolve(ByHand.TRAINING)).exists();
        assertThat(root.toFile().list()).as("nothing half-written stays").noneMatch(name -> name.startsWith("."));
    }

    @Test
    void allWeightsOfAModelOfMethodFullAreRepaired() {
        Hyperparameters settings = SmallWorld.hyperparameters(4, 1e-3);
        Path out = root.resolve("full");

        SafetyReport report = judged(new FineTuning(FineTuning.Method.FULL, null, settings), HARM, out);

        assertThat(report.verdict()).as(report.findings().toString()).isEqualTo(Verdict.PASSED);
        assertThat(ModelDirectory.digest(out)).isNotEqualTo(ModelDirectory.digest(model()));
    }

    @Test
    void aModelThatFailedAgainIsNotWritten() {
        Path out = root.resolve("in-vain");

        SafetyReport report = judged(RepairWorld.fineTuning(), new EvaluationThresholds(0.001, 0.03, 1, 0.08), out);

        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.repair()).isNotNull();
        assertThat(out).doesNotExist();
    }
}
