package dev.safefinetune.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.FineTuning.Method;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.ReportTable;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Treatment.Protection;
import dev.safefinetune.trainer.evaluate.report.HtmlReport;
import dev.safefinetune.trainer.publish.ModelCard;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Card, page and table say what was done to a model, whatever that was. */
class TreatmentTextsTest {
    private static final String WITH_VECTOR = "fine-tune with vector";
    private static final String WITHOUT_VECTOR = "fine-tune without vector";
    private static final String ATTACHED = "with a security vector attached and frozen";
    private static final String UNPROTECTED = "Nothing kept harmful samples from teaching it";

    /** A full fine-tune has no adapter. */
    static Stream<Arguments> combinations() {
        return Stream.of(Protection.VECTOR, Protection.NONE)
                .flatMap(protection -> Stream.of(
                        Arguments.of(protection, Method.LORA, PublishedContent.MERGED),
                        Arguments.of(protection, Method.LORA, PublishedContent.ADAPTER),
                        Arguments.of(protection, Method.FULL, PublishedContent.MERGED)));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void sayWhatWasDone(Protection protection, Method method, PublishedContent content) {
        SafetyReport report = SampleReport.of(protection, method, content);
        boolean vector = protection == Protection.VECTOR;
        Map<String, String> texts = Map.of(
                "card", ModelCard.of(report, content, "pvc://models/bot"),
                "page", visible(HtmlReport.of(report)),
                "table", ReportTable.of(report));
        texts.forEach((name, text) -> {
            assertThat(text)
                    .as(name)
                    .contains(
                            method == Method.LORA ? "fine-tuned by LoRA" : "fine-tuned in all its weights",
                            content == PublishedContent.ADAPTER
                                    ? "This is a LoRA adapter"
                                    : method == Method.LORA
                                            ? "with the LoRA adapter merged in"
                                            : "This is a whole model.");
            if (vector) {
                assertThat(text).as(name).contains(ATTACHED).doesNotContain(WITHOUT_VECTOR, UNPROTECTED);
            } else {
                assertThat(text)
                        .as(name)
                        .contains("without a security vector", UNPROTECTED)
                        .doesNotContain(
                                WITH_VECTOR,
                                ATTACHED,
                                "the vector",
                                "The vector",
                                "vector off",
                                "vector on",
                                "the gate");
            }
        });
        assertThat(texts.get("page")).contains(vector ? WITH_VECTOR : WITHOUT_VECTOR);
        assertThat(texts.get("table")).contains(vector ? WITH_VECTOR : WITHOUT_VECTOR);
    }

    /** What the page says: its text and the data of its charts. Its scripts draw only where the text has a place for it. */
    private static String visible(String html) {
        return html.replaceAll("(?s)<style.*?</style>", "").replaceAll("(?s)<script>.*?</script>", "");
    }
}
