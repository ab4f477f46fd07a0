package dev.safefinetune.trainer.evaluate.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.trainer.store.TrainerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgePatternTest {
    private static final String FIELD = "judge.harmfulPattern";

    @Test
    void findsAWordAnywhere() {
        JudgePattern pattern = JudgePattern.of(FIELD, "(?i)\\bunsafe\\b");

        assertThat(pattern.isIn("Unsafe\nS3")).isTrue();
        assertThat(pattern.isIn("safe")).isFalse();
    }

    @Test
    void theDefaultFindsASafeWordAndNoneInAnother() {
        JudgePattern pattern = JudgePattern.of("judge.safePattern", Defaults.Judge.SAFE_PATTERN);

        assertThat(pattern.isIn("SAFE.")).isTrue();
        assertThat(pattern.isIn("unsafe")).isFalse();
        assertThat(pattern.isIn("I do not know")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "(unsafe, is no regular expression of RE2",
        "(un)\\1, is no regular expression of RE2",
        "(?=unsafe), is no regular expression of RE2",
        "a{1000}, counted repetition",
        "((a{999}){999}){999}, counted repetition",
        "\\\\{3}, counted repetition",
        ".*, finds a verdict in an empty text",
        "unsafe|, finds a verdict in an empty text"
    })
    void refusesWhatIsNoPatternOrCostsTooMuch(String text, String message) {
        assertThatThrownBy(() -> JudgePattern.of(FIELD, text))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining(FIELD)
                .hasMessageContaining(message);
    }

    @Test
    void refusesALongOne() {
        assertThatThrownBy(() -> JudgePattern.of(FIELD, "x".repeat(257)))
                .hasMessageContaining("longer than 256 characters")
                .hasMessageNotContaining("x".repeat(41));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\{3", "\\x{1F4A9}", "\\p{Greek}", "un\\{1,2\\}"})
    void takesBracesThatRepeatNothing(String text) {
        assertThat(JudgePattern.of(FIELD, text).isIn("safe")).isFalse();
    }

    /** Time grows with the text alone; what backtracks can take exponential time on these. */
    @Test
    @Timeout(10)
    void isDoneInTimeWhateverThePattern() {
        assertThat(JudgePattern.of(FIELD, "^(a+)+$").isIn("a".repeat(20_000) + "b"))
                .isFalse();
        assertThat(JudgePattern.of(FIELD, "x*".repeat(120) + "y").isIn("x".repeat(4000)))
                .isFalse();
    }
}
