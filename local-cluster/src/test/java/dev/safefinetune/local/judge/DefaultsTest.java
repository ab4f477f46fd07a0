package dev.safefinetune.local.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicySpec;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A default stands in the schema and in the record; they must be the same one. */
class DefaultsTest {
    @ParameterizedTest
    @CsvSource({
        "safefinetunes, smallest-run",
        "securityvectors, smallest-vector",
        "safefinetunepolicies, empty-policy",
    })
    void schemaAndRecordsHaveTheSameDefaults(String plural, String name) throws Exception {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode manifest = ManifestCase.accepted().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .object();
        ManifestJudge judge = ManifestJudge.of(ManifestCase.json(CustomResourceDefinitions.yaml(plural)));
        Class<?> type = switch (plural) {
            case "safefinetunes" -> SafeFineTuneSpec.class;
            case "securityvectors" -> SecurityVectorSpec.class;
            default -> SafeFineTunePolicySpec.class;
        };

        JsonNode filled = judge.judge(manifest).object().path("spec");
        assertThat(mapper.treeToValue(manifest.path("spec"), type)).isEqualTo(mapper.treeToValue(filled, type));
        assertThat(filled).isNotEqualTo(manifest.path("spec"));
    }
}
