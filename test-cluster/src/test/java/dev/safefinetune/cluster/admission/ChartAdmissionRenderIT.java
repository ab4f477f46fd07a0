package dev.safefinetune.cluster.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.cluster.chart.Chart;
import dev.safefinetune.cluster.chart.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the chart makes its admission policies. */
class ChartAdmissionRenderIT {
    private static final String KIND = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";

    @TempDir
    Path home = Path.of(".");

    private List<String> kinds(String... flags) {
        return Chart.objects(Chart.render(Tool.named("helm", home), flags)).stream()
                .map(object -> object.path("kind").asText())
                .filter(kind -> kind.startsWith("ValidatingAdmission"))
                .toList();
    }

    @Test
    void everyPolicyHasItsBinding() {
        assertThat(kinds()).filteredOn(kind -> kind.endsWith("Policy")).hasSize(8);
        assertThat(kinds()).filteredOn(kind -> kind.endsWith("Binding")).hasSize(8);
    }

    @Test
    void aClusterThatDoesNotServeThemGetsNone() {
        assertThat(kinds("--api-versions", "v1/Pod")).isEmpty();
        assertThat(kinds("--api-versions", "v1/Pod", "--api-versions", KIND)).hasSize(16);
    }

    @Test
    void theyCanBeTurnedOff() {
        assertThat(kinds("--set", "admission.enabled=false")).isEmpty();
    }
}
