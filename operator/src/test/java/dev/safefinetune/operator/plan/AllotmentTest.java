package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.operator.world.ShippedSettings;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllotmentTest {
    private static final Path VALUES = Path.of("../charts/safe-fine-tune-operator/values.yaml");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            memory      | memory=1Gi | must be one of cpu, memory and ephemeral-storage
            gpu=1       | memory=1Gi | was gpu=1
            memory=much | memory=1Gi | memory=much
            memory=0    | memory=1Gi | memory=0 must be above 0
            memory=2Gi  | memory=1Gi | the request of memory must be at most its limit 1Gi, was 2Gi
            cpu=1001m   | cpu=1      | the request of cpu must be at most its limit 1, was 1001m
            """)
    void aSettingThatCannotBeIsNamed(String request, String limit, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allotment.parse("safe-fine-tune.trainer.files", List.of(request), List.of(limit)))
                .withMessageStartingWith("safe-fine-tune.trainer.files: ")
                .withMessageContaining(message);
    }

    @Test
    void aResourceIsGivenOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allotment.parse("a", List.of("cpu=1", "cpu=2"), List.of()))
                .withMessageContaining("cpu must be given once");
    }

    /** Whoever runs the operator without the chart has the same. */
    @Test
    void theChartsDefaultsAreTheOperators() throws IOException {
        JsonNode trainer = Serialization.unmarshal(Files.readString(VALUES), JsonNode.class)
                .path("trainer");

        assertThat(allotment(trainer.at("/resources/files"))).isEqualTo(ShippedSettings.FILES);
        assertThat(allotment(trainer.at("/resources/compute"))).isEqualTo(ShippedSettings.COMPUTE);
        assertThat(texts(trainer.path("copiedLabels"))).isEqualTo(ShippedSettings.COPIED.labels());
        assertThat(texts(trainer.path("copiedAnnotations"))).isEqualTo(ShippedSettings.COPIED.annotations());
    }

    private static Allotment allotment(JsonNode values) {
        return Allotment.parse("values", settings(values.path("requests")), settings(values.path("limits")));
    }

    private static List<String> settings(JsonNode quantities) {
        List<String> settings = new ArrayList<>();
        quantities
                .properties()
                .forEach(each ->
                        settings.add(each.getKey() + "=" + each.getValue().asText()));
        return settings;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
