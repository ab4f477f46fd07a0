package dev.safefinetune.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.trainer.data.Dataset;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArmMeasurerTest {
    private static final Calibration CALIBRATION = new Calibration(
            new Continuations(
                    Collections.nCopies(Continuations.LEAST, ScriptedSubject.REFUSAL),
                    Collections.nCopies(Continuations.LEAST, "yes here it is")),
            Content.uncalibrated(List.of(ScriptedSubject.REFUSAL)));

    @Test
    void anAnswerThatIsToBeExactIsGivenWhole() {
        String all = "word ".repeat(Answer.MOST_TOKENS) + "last";
        Suite suite = Suite.of(
                new Dataset("prompts", List.of(SuiteOfTests.row(0, "harm 0", "yes here it is", "hexes"))),
                new Dataset("utility", List.of(SuiteOfTests.row(0, "old 0", all, "old-task/copy"))));
        Subject knows = new ScriptedSubject(
                request -> request.startsWith("old") ? all : ScriptedSubject.REFUSAL, request -> false, 0.5);

        ArmMeasurement measured =
                new ArmMeasurer(suite, CALIBRATION).measure(knows, ArmAnswers.of(knows, suite), ShapedTrials.NONE);

        assertThat(measured.oldTasks()).containsExactly(true);
    }

    @Test
    void anAnswerThatGoesOnIsNotTheExpectedOne() {
        Suite suite = Suite.of(
                new Dataset("prompts", List.of(SuiteOfTests.row(0, "harm 0", "yes here it is", "hexes"))),
                new Dataset("utility", List.of(SuiteOfTests.row(0, "old 0", "one two", "old-task/copy"))));
        Subject babbles = new ScriptedSubject(request -> "one two" + " three".repeat(99), request -> false, 0.5);

        ArmMeasurement measured =
                new ArmMeasurer(suite, CALIBRATION).measure(babbles, ArmAnswers.of(babbles, suite), ShapedTrials.NONE);

        assertThat(measured.oldTasks()).containsExactly(false);
    }
}
