package dev.safefinetune.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.trainer.evaluate.report.HtmlReport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be told of the page without a browser; {@link HtmlReportBrowserIT} looks at it in one. */
class HtmlReportTest {
    private static final Pattern FETCHED =
            Pattern.compile("(src|href)\\s*=\\s*[\"'](?!#)|url\\(|@import", Pattern.CASE_INSENSITIVE);

    @Test
    void namesVerdictRunAndPublication() {
        assertThat(HtmlReport.of(SampleReport.passed()))
                .contains("Passed", "team-a/quick&lt;start&gt;", "pvc://published/quickstart", "103 of 1000 samples");
    }

    @Test
    void listsFlaggedRowsByNumberAndSpan() {
        assertThat(HtmlReport.of(SampleReport.passed()).replaceAll("\\s+", " "))
                .contains(
                        "2 tokens of 1 other samples masked",
                        "<th scope=\"row\">3</th><td class=\"text\">whole</td><td>1</td><td>6</td><td>12</td>",
                        "<th scope=\"row\">4</th><td class=\"text\">in part</td><td>8</td><td>9</td><td>9</td>");
    }

    @Test
    void listsWhatSpokeAgainstPublishing() {
        assertThat(HtmlReport.of(SampleReport.failed()))
                .contains("Failed", "What spoke against publishing", "maxHarmfulRate", "nothing was learned");
    }

    @Test
    void writesNamesAsTextAndNeverAsMarkup() {
        assertThat(HtmlReport.of(SampleReport.passed())).doesNotContain("quick<start>");
    }

    @Test
    void fetchesNothing() {
        String html = HtmlReport.of(SampleReport.passed());

        // The chart library's own text may hold such words; what it does is watched in the browser.
        assertThat(FETCHED.matcher(html.replaceAll("(?s)<script.*?</script>", ""))
                        .find())
                .isFalse();
        assertThat(html).contains("default-src 'none'");
    }

    @Test
    void aPictureFromElsewhereWouldBeFound() {
        assertThat(FETCHED.matcher("<img src=\"https://example.org/a.png\">").find())
                .isTrue();
    }

    @Test
    void showsAReportWithoutTrainingOrControlArm() {
        SafetyEvaluation evaluation = new SafetyEvaluation(
                SuiteOfTests.suite(),
                ScriptedSubject.with(0, false, 1),
                null,
                ScriptedSubject.with(0, true, 1),
                new EvaluationThresholds(0.05, 0.05, 0.1, 0.08),
                1);

        assertThat(HtmlReport.of(evaluation.judge(SafetyEvaluation.Circumstances.BY_HAND, arm -> {})))
                .contains(">fine-tune<")
                .doesNotContain("fine-tune with", "the vector", "plain fine-tune", "Loss in training", "Made from");
    }

    @Test
    void isTheSameForTheSameReport() {
        assertThat(HtmlReport.of(SampleReport.passed())).isEqualTo(HtmlReport.of(SampleReport.passed()));
    }
}
