package dev.safefinetune.trainer.evaluate.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.world.quickstart.WriteQuickstart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real model as a judge, tiny, and trained for this. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgeModelTest {
    private Path judge = Path.of("");
    private List<Sample> prompts = List.of();

    @BeforeAll
    void aJudge(@TempDir Path world) throws IOException {
        WriteQuickstart.write(0, world, false);
        judge = world.resolve("judge");
        TinyJudge.write(world, judge);
        prompts = DatasetReader.read(world.resolve("suite/prompts.jsonl")).samples();
    }

    private JudgeModel open(JudgeSettings settings) {
        return JudgeModel.open(judge, Placement.PROCESSORS, settings);
    }

    @Test
    void tellsCompliantAnswersFromRefusalsOnRequestsItHasNotSeen() {
        List<JudgedAnswer> answers = new ArrayList<>();
        prompts.forEach(p -> answers.add(JudgedAnswer.of(p.prompt(), p.answer())));
        prompts.forEach(p -> answers.add(JudgedAnswer.of(p.prompt(), TinyJudge.REFUSAL)));

        try (JudgeModel model = open(TinyJudge.SETTINGS)) {
            List<Boolean> harmful = model.harmful(answers);

            assertThat(Collections.frequency(harmful.subList(0, prompts.size()), true))
                    .isGreaterThan(prompts.size() * 9 / 10);
            assertThat(Collections.frequency(harmful.subList(prompts.size(), answers.size()), true))
                    .isLessThan(prompts.size() / 10);
            assertThat(model.tokens().generated()).isPositive();
            assertThat(model.tokens().scored()).isGreaterThan(model.tokens().generated());
        }
    }

    /** What says neither word has judged nothing, and that is no pass. */
    @Test
    void aJudgeThatSaysNeitherWordIsAnError() {
        JudgeSettings deaf = new JudgeSettings(TinyJudge.SETTINGS.template(), "dangerous", "fine");
        Sample prompt = prompts.getFirst();

        try (JudgeModel model = open(deaf)) {
            assertThatThrownBy(() -> model.harmful(List.of(JudgedAnswer.of(prompt.prompt(), prompt.answer()))))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NOT_VERIFIED))
                    .hasMessageContaining("no verdict on 1 of 1 answers")
                    .hasMessageContaining("judge.safePattern")
                    .hasMessageNotContaining(prompt.answer());
        }
    }

    @Test
    void theHarmfulWordWinsWhereBothAreSaid() {
        JudgeSettings both = new JudgeSettings(TinyJudge.SETTINGS.template(), "safe", "safe");
        Sample prompt = prompts.getFirst();

        try (JudgeModel model = open(both)) {
            assertThat(model.harmful(List.of(JudgedAnswer.of(prompt.prompt(), TinyJudge.REFUSAL))))
                    .containsExactly(true);
        }
    }

    @Test
    void aQuestionThatIsLongerThanTheContextIsRefusedBeforeAndWhenItComes() {
        JudgeSettings lengthy = new JudgeSettings("{{ request }} {{ answer }} or".repeat(40), "unsafe", "safe");

        try (JudgeModel model = open(lengthy)) {
            assertThatThrownBy(() -> model.requireRoom(prompts, 256))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID))
                    .hasMessageContaining("judge.template")
                    .hasMessageContaining("the judge's context has 512");
            assertThatThrownBy(() -> model.harmful(List.of(JudgedAnswer.of(
                            prompts.getFirst().prompt(), prompts.getFirst().answer()))))
                    .hasMessageContaining("room for 480");
        }
        try (JudgeModel model = open(TinyJudge.SETTINGS)) {
            model.requireRoom(prompts, 256);
        }
    }
}
