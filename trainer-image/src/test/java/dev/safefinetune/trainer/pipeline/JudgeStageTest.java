package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static dev.safefinetune.trainer.pipeline.SmallWorld.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgeInput;
import dev.safefinetune.contract.JudgeReport;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.judge.TinyJudge;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.world.quickstart.WriteQuickstart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A run with a judge model, from Prepare to the model card; then what is wrong before a GPU is held. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JudgeStageTest extends StageHarness {
    private static final EvaluationThresholds ANYTHING = new EvaluationThresholds(1, 1, 1, 1.0);
    private static final Source JUDGE = source("judges/guard");

    private Inputs made = Inputs.of(new TreeMap<>());

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        Path data = root.resolve("volumes/data");
        WriteQuickstart.write(0, data, false);
        for (String file : List.of("suite/prompts.jsonl", "user/mixed.jsonl")) {
            List<String> rows = Files.readAllLines(data.resolve(file));
            Files.write(
                    data.resolve(file), rows.subList(0, Math.min(rows.size(), file.startsWith("suite") ? 24 : 200)));
        }
        // An aligned base: with one that refuses nothing there is nothing to judge.
        ModelDirectory.copy(
                Path.of("..", "examples", "quickstart", "models", "base"), root.resolve("volumes/models/base"));
        TinyJudge.write(data, root.resolve("volumes/judges/guard"));
    }

    private Path judge() {
        return root.resolve(JUDGE.path());
    }

    private StageTask.Prepare prepare(Source judge, @Nullable Digest digest, JudgeSettings settings) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                p.scratch(),
                p.model(),
                p.dataset(),
                5,
                null,
                p.prompts(),
                null,
                null,
                p.fineTuning(),
                p.output(),
                null,
                DatasetFormat.MESSAGES,
                new JudgeInput(judge, digest, settings),
                null);
    }

    private StageTask.Evaluate evaluate(Inputs inputs, @Nullable JudgeSettings judge) {
        return new StageTask.Evaluate("scratch", inputs, ANYTHING, false, 7, null, null, judge, null);
    }

    @Test
    @Order(1)
    void theJudgeIsTakenInAskedAndTold() throws IOException {
        Digest digest = ModelDirectory.digest(judge());
        made = done(RUN, prepare(JUDGE, digest, TinyJudge.SETTINGS)).outputs();
        assertThat(made.get(Inputs.JUDGE)).isEqualTo(digest);
        made = made.plus(done(RUN, SmallWorld.train(made, null, Gate.OFF, ScreeningAction.OFF, false))
                .outputs());

        StageResult evaluated = done(RUN, evaluate(made, TinyJudge.SETTINGS));

        StageFigures.Judge figures = Objects.requireNonNull(
                figures(evaluated, StageFigures.Evaluation.class).judge());
        assertThat(figures.digest()).isEqualTo(digest);
        made = made.plus(evaluated.outputs());
        done(
                RUN,
                new StageTask.Publish(
                        "scratch", made, PublishedContent.MERGED, new Target("pvc://out/bot", "volumes/out/bot")));
        Path out = root.resolve("volumes/out/bot");
        SafetyReport report = ContractJson.read(Files.readString(out.resolve("report.json")), SafetyReport.class);
        assertThat(report.materials()).containsEntry(Inputs.JUDGE, new SafetyReport.Material(JUDGE.uri(), digest));
        JudgeReport judged = Objects.requireNonNull(report.arms().judge());
        assertThat(judged.agreement()).containsOnlyKeys(JudgeReport.BASE, JudgeReport.SECURED);
        assertThat(judged.secured()).isEqualTo(figures.agreement());
        assertThat(judged.secured().answers()).isPositive();
        assertThat(out.resolve("README.md")).content().contains(digest.value(), "A judge model");
        assertThat(out.resolve("report.html")).content().contains("Read by a judge model");
    }

    @Test
    @Order(2)
    void noRequestAndNoAnswerIsInAnyLogOrResult() {
        for (Sample prompt : DatasetReader.read(root.resolve("volumes/data/suite/prompts.jsonl"))
                .samples()) {
            assertThat(told())
                    .doesNotContain(prompt.answer())
                    .doesNotContain(prompt.messages().getFirst().content());
        }
    }

    @Test
    @Order(3)
    void aJudgeThatSaysNeitherWordMeansNotVerified() {
        StageResult result = failed(
                RUN,
                evaluate(made, new JudgeSettings(TinyJudge.SETTINGS.template(), "dangerous", "fine")),
                Fault.NOT_VERIFIED);

        assertThat(result.message()).contains("the judge gave no verdict on", "judge.safePattern");
    }

    @Test
    @Order(4)
    void aJudgeThatWasTakenInIsNotLeftOut() {
        assertThat(failed(RUN, evaluate(made, null), Fault.NOT_VERIFIED).message())
                .contains("Prepare took in a judge");
    }

    @Test
    @Order(5)
    void aJudgeThatWasChangedOnTheRunsVolumeIsNotAsked() throws IOException {
        Path config = root.resolve("scratch/prepared/judge/config.json");
        String before = Files.readString(config);
        Files.writeString(config, before + "\n");

        failed(RUN, evaluate(made, TinyJudge.SETTINGS), Fault.ARTIFACT_CHANGED);

        Files.writeString(config, before);
    }

    @Test
    @Order(6)
    void whatIsWrongIsSaidByPrepare() throws IOException {
        JudgeSettings good = TinyJudge.SETTINGS;
        StageResult pinned = failed(RUN, prepare(JUDGE, digestOf("another"), good), Fault.MODEL_INVALID);
        assertThat(pinned.message())
                .contains(JUDGE.uri(), "judge.digest is " + digestOf("another"))
                .contains(ModelDirectory.digest(judge()).value());

        StageResult none = failed(RUN, prepare(source("judges/none"), null, good), Fault.MODEL_INVALID);
        assertThat(none.message()).contains("pvc://judges/none");

        Path broken = root.resolve("volumes/judges/broken");
        ModelDirectory.copy(judge(), broken);
        Files.writeString(
                broken.resolve("config.json"),
                Files.readString(broken.resolve("config.json")).replace("LlamaForCausalLM", "BertModel"));
        assertThat(failed(RUN, prepare(source("judges/broken"), null, good), Fault.MODEL_INVALID)
                        .message())
                .contains("BertModel");

        assertThat(failed(
                                RUN,
                                prepare(JUDGE, null, new JudgeSettings("{{ answer }}", "unsafe", "safe")),
                                Fault.SETTINGS_INVALID)
                        .message())
                .contains("judge.template", "{{ request }}");
        assertThat(failed(
                                RUN,
                                prepare(JUDGE, null, new JudgeSettings(good.template(), "(unsafe", "safe")),
                                Fault.SETTINGS_INVALID)
                        .message())
                .contains("judge.harmfulPattern is '(unsafe'");
        assertThat(failed(
                                RUN,
                                prepare(JUDGE, null, new JudgeSettings(good.template(), "unsafe", "s*")),
                                Fault.SETTINGS_INVALID)
                        .message())
                .contains("judge.safePattern is 's*'");
        assertThat(failed(
                                RUN,
                                prepare(
                                        JUDGE,
                                        null,
                                        new JudgeSettings(
                                                "{{ request }} {{ answer }} or ".repeat(60), "unsafe", "safe")),
                                Fault.SETTINGS_INVALID)
                        .message())
                .contains("the judge's context has 512");
    }
}
