package dev.safefinetune.local.judge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The same table is put to a real API server in test-cluster. */
class ManifestTableTest {
    private static final Map<String, ManifestJudge> JUDGES = new HashMap<>();

    static {
        for (String plural : CustomResourceDefinitions.PLURALS) {
            JsonNode crd = ManifestCase.json(CustomResourceDefinitions.yaml(plural));
            JUDGES.put(crd.at("/spec/names/kind").asText(), ManifestJudge.of(crd));
        }
    }

    private static Judgement judge(ManifestCase manifest) {
        String kind = manifest.object().path("kind").asText();
        return requireNonNull(JUDGES.get(kind), kind).judge(manifest.object());
    }

    private static List<Finding> findings(Judgement judgement) {
        return Stream.concat(judgement.unknownFields().stream(), judgement.errors().stream())
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> accepts() {
        return ManifestCase.accepted().stream()
                .map(manifest -> dynamicTest(
                        manifest.name(),
                        () -> assertThat(findings(judge(manifest))).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        return ManifestCase.refused().stream()
                .map(manifest -> dynamicTest(manifest.name(), () -> {
                    List<Finding> findings = findings(judge(manifest));
                    assertThat(findings.stream().map(Finding::field).distinct().sorted())
                            .containsExactlyElementsOf(manifest.refusedAt());
                    for (String words : manifest.says()) {
                        assertThat(findings).extracting(Finding::text).anyMatch(text -> text.contains(words));
                    }
                }));
    }

    @Test
    void theTableIsNotSmall() {
        assertThat(ManifestCase.accepted()).hasSizeGreaterThan(20);
        assertThat(ManifestCase.refused())
                .hasSizeGreaterThan(60)
                .allSatisfy(manifest -> assertThat(manifest.refusedAt()).isNotEmpty());
    }

    @Test
    void sentManifestIsLeftAsItIs() {
        ManifestCase manifest = ManifestCase.accepted().getFirst();
        JsonNode before = manifest.object().deepCopy();
        judge(manifest);
        assertThat(manifest.object()).isEqualTo(before);
    }
}
