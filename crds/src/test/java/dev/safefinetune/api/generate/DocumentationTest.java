package dev.safefinetune.api.generate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** kubectl explain reads well: a sentence for every field, a message for every rule, a kind for every list. */
class DocumentationTest {
    private static final Pattern SENTENCE = Pattern.compile("[A-Z].{8,}[.]", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("spec(\\.[A-Za-z]+)+");

    /** What is wrong with a schema and everything in it. */
    private static List<String> faults(String path, JsonNode schema) {
        List<String> faults = new ArrayList<>();
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            if (rule.path("message").asText().length() < 20) {
                faults.add(
                        path + ": rule without a message: " + rule.path("rule").asText());
            }
        }
        if (schema.path("type").asText().equals("array") && !schema.has("x-kubernetes-list-type")) {
            faults.add(path + ": list of no kind");
        }
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            String name = path + "." + field.getKey();
            boolean served = name.startsWith(".metadata");
            if (!served
                    && !SENTENCE.matcher(field.getValue().path("description").asText())
                            .matches()) {
                faults.add(name + ": no sentence");
            }
            faults.addAll(faults(name, field.getValue()));
        }
        if (schema.has("items")) {
            faults.addAll(faults(path + "[]", schema.path("items")));
        }
        return faults;
    }

    private static JsonNode schema(JsonNode crd) {
        return crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    @Test
    void everyFieldIsExplainedInASentence() {
        GeneratedCrds.trees().forEach((name, crd) -> {
            assertThat(schema(crd).path("description").asText()).as(name).matches(SENTENCE);
            assertThat(faults("", schema(crd))).as(name).isEmpty();
        });
    }

    @Test
    void silentFieldsRulesAndListsAreSeen() {
        JsonNode crd = requireNonNull(GeneratedCrds.trees().get("safefinetunes.safefinetune.dev"));
        JsonNode spec = schema(crd).path("properties").path("spec").path("properties");
        ((ObjectNode) spec.at("/model/properties/uri")).put("description", "the uri");
        ((ObjectNode) spec.at("/dataset/properties/uri/x-kubernetes-validations/0")).remove("message");
        ((ObjectNode) spec.at("/method/properties/lora/properties/targetModules")).remove("x-kubernetes-list-type");

        assertThat(faults("", schema(crd)))
                .containsExactlyInAnyOrder(
                        ".spec.model.uri: no sentence",
                        ".spec.dataset.uri: rule without a message: self.matches('^(pvc|hf|s3|oci|https)://[!-~]+$')",
                        ".spec.method.lora.targetModules: list of no kind");
    }

    @Test
    void conditionsAndReasonsAreOneWordEachAndExplained() {
        List<String> words = new ArrayList<>();
        Arrays.stream(ConditionType.values()).forEach(type -> words.add(type.text()));
        assertThat(words).doesNotHaveDuplicates();
        words.clear();
        Arrays.stream(Reason.values()).forEach(reason -> words.add(reason.text()));
        assertThat(words).doesNotHaveDuplicates().allMatch(word -> word.matches("[A-Z][A-Za-z]+"));
        assertThat(Reason.values())
                .allMatch(reason -> reason.when().matches("(when|while|on|as) .*[^.]"))
                .allMatch(reason -> SENTENCE.matcher(reason.remedy() + ".").matches()
                        || reason.remedy().equals("Nothing"));
        assertThat(Arrays.stream(ConditionType.values()).map(ConditionType::description))
                .allMatch(text -> text.endsWith("."));
    }

    @Test
    void remediesNameFieldsThatThereAre() throws IOException {
        String reference = requireNonNull(GeneratedFiles.all(Path.of("..")).get("docs/api.md"));
        List<String> unknown = Arrays.stream(Reason.values())
                .flatMap(reason -> FIELD.matcher(reason.remedy()).results())
                .map(MatchResult::group)
                .filter(field -> !reference.contains("`" + field + "`"))
                .toList();
        assertThat(unknown).isEmpty();
    }
}
