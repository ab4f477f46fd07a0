package dev.safefinetune.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.api.v1alpha1.CooldownSpec;
import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.HyperparametersSpec;
import dev.safefinetune.api.v1alpha1.LoraSpec;
import dev.safefinetune.api.v1alpha1.ReadinessSpec;
import dev.safefinetune.api.v1alpha1.SafetySpec;
import dev.safefinetune.api.v1alpha1.VectorTrainingSpec;
import dev.safefinetune.trainer.command.TrainerCommand;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is trained by hand without a flag is what the operator trains of a resource without a field. */
class HandDefaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aVectorByHandHasTheDefaultsOfASecurityVector() throws JsonProcessingException {
        Map<String, String> wanted = new TreeMap<>();
        JsonNode training = ofNothing(VectorTrainingSpec.class);
        // Its option is written in small letters.
        take(training, List.of("objective"), wanted);
        take(ofNothing(ReadinessSpec.class), List.of(), wanted);
        assertThat(wanted)
                .containsEntry("--epochs", "10")
                .containsEntry("--min-explained", "0.8")
                .hasSize(20);
        assertThat(defaults(
                        wanted.keySet(),
                        "train-vector",
                        "--model=m",
                        "--harmful=h",
                        "--held-out=u",
                        "--benign=b",
                        "--out=o"))
                .isEqualTo(wanted);
    }

    @Test
    void aFineTuneByHandHasTheDefaultsOfASafeFineTune() throws JsonProcessingException {
        Map<String, String> wanted = new TreeMap<>();
        take(ofNothing(LoraSpec.class), List.of(), wanted);
        take(ofNothing(HyperparametersSpec.class), List.of(), wanted);
        wanted.put("--cooldown-steps", text(ofNothing(CooldownSpec.class).path("steps")));
        assertThat(wanted).containsEntry("--epochs", "3").hasSize(16);
        assertThat(defaults(wanted.keySet(), "fine-tune", "--model=m", "--dataset=d", "--out=o"))
                .isEqualTo(wanted);
    }

    @Test
    void anEvaluationByHandRepairsNothingLessAndNothingMoreThanARun() throws JsonProcessingException {
        Map<String, String> wanted = new TreeMap<>();
        wanted.put("--repair", text(ofNothing(SafetySpec.class).path("repair")));
        JsonNode limits = ofNothing(EvaluationSpec.class);
        take(limits, List.of("controlArm"), wanted);
        assertThat(wanted).containsEntry("--max-harmful-rate", "0.03").hasSize(5);
        assertThat(defaults(wanted.keySet(), "evaluate", "--base=b", "--model=m", "--prompts=p", "--out=o"))
                .isEqualTo(wanted);
    }

    /** What becomes of {@code {}} in a manifest. */
    private static JsonNode ofNothing(Class<?> spec) throws JsonProcessingException {
        return JSON.valueToTree(JSON.readValue("{}", spec));
    }

    /** Every default of a resource, by the name that its option has. */
    private static void take(JsonNode spec, List<String> without, Map<String, String> into) {
        for (Map.Entry<String, JsonNode> field : spec.properties()) {
            if (field.getValue().isObject()) {
                take(field.getValue(), without, into);
            } else if (!without.contains(field.getKey()) && !field.getValue().isNull()) {
                into.put(option(field.getKey()), text(field.getValue()));
            }
        }
    }

    private static String option(String field) {
        return field.equals("rsLora")
                ? "--rslora"
                : "--" + field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String text(JsonNode value) {
        return value.isArray() ? normal(value.get(0).asText()) : normal(value.asText());
    }

    /** The options' values, as the command takes them where nothing else is given. */
    private static Map<String, String> defaults(Collection<String> options, String... words) {
        CommandLine.ParseResult parsed = new CommandLine(new TrainerCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(words)
                .subcommand();
        Map<String, String> found = new TreeMap<>();
        for (String option : options) {
            CommandLine.Model.OptionSpec known = parsed.commandSpec().findOption(option);
            Object value = known == null ? "no such option" : known.getValue();
            found.put(option, normal(value instanceof List<?> list ? list.getFirst() : value));
        }
        return found;
    }

    /** Numbers by their value, other values by their words. */
    private static String normal(Object value) {
        String text = String.valueOf(value).toLowerCase(Locale.ROOT);
        try {
            return new BigDecimal(text).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
