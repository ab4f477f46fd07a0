package dev.safefinetune.api.generate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrdShapeTest {
    private static final Map<String, JsonNode> CRDS = GeneratedCrds.trees();

    private static JsonNode at(String plural, String pointer) {
        return requireNonNull(CRDS.get(plural + ".safefinetune.dev"), plural).at(pointer);
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.path(field).asText()));
        return texts;
    }

    @Test
    void namesAreShort() {
        assertThat(at("safefinetunes", "/spec/names/shortNames/0").asText()).isEqualTo("sft");
        assertThat(at("securityvectors", "/spec/names/shortNames/0").asText()).isEqualTo("sv");
        assertThat(at("safefinetunepolicies", "/spec/names/shortNames/0").asText())
                .isEqualTo("sftp");
        assertThat(at("safefinetunes", "/spec/names/categories/0").asText()).isEqualTo("safefinetuning");
    }

    @Test
    void onlyThePolicyIsForTheWholeCluster() {
        assertThat(at("safefinetunes", "/spec/scope").asText()).isEqualTo("Namespaced");
        assertThat(at("securityvectors", "/spec/scope").asText()).isEqualTo("Namespaced");
        assertThat(at("safefinetunepolicies", "/spec/scope").asText()).isEqualTo("Cluster");
    }

    @Test
    void phaseProgressVerdictAndAgeComeFirst() {
        for (String plural : List.of("safefinetunes", "securityvectors")) {
            assertThat(texts(at(plural, "/spec/versions/0/additionalPrinterColumns"), "name"))
                    .startsWith("Phase", "Progress", "Verdict", "Age");
        }
    }

    @Test
    void statusIsASubresourceThatBeginsUnseen() {
        for (String plural : List.of("safefinetunes", "securityvectors")) {
            assertThat(at(plural, "/spec/versions/0/subresources/status").isObject())
                    .isTrue();
            assertThat(at(plural, "/spec/versions/0/schema/openAPIV3Schema/properties/status/default"))
                    .hasToString("{\"observedGeneration\":-1}");
        }
    }

    @Test
    void policyHasNoStatusBecauseNobodyWritesOne() {
        assertThat(at("safefinetunepolicies", "/spec/versions/0/schema/openAPIV3Schema/properties/status")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void conditionsAndStagesAreToldApartByTheirNames() {
        String status = "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties";
        assertThat(at("safefinetunes", status + "/conditions/x-kubernetes-list-map-keys/0")
                        .asText())
                .isEqualTo("type");
        assertThat(at("safefinetunes", status + "/stages/x-kubernetes-list-map-keys/0")
                        .asText())
                .isEqualTo("name");
    }

    /** Everything that a rule reads must be bounded, or an API server refuses the CRD for its cost. */
    @Test
    void textsUnderARuleAreBounded() {
        CRDS.forEach((name, crd) -> assertThat(unbounded(name, crd)).isEmpty());
    }

    private static List<String> unbounded(String path, JsonNode node) {
        List<String> found = new ArrayList<>();
        if (node.path("type").asText().equals("string")
                && node.has("x-kubernetes-validations")
                && !node.has("maxLength")) {
            found.add(path);
        }
        node.properties().forEach(field -> found.addAll(unbounded(path + "." + field.getKey(), field.getValue())));
        return found;
    }
}
