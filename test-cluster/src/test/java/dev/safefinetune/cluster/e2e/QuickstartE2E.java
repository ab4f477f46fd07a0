package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The thinnest chain: two manifests are applied, and a measured model is published. */
@Order(1)
@ExtendWith(OperatorLog.class)
class QuickstartE2E {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static Team team = new Team("e2e-quickstart");

    @BeforeAll
    static void furnish() {
        team = Team.furnished("e2e-quickstart");
    }

    @AfterAll
    static void remove() {
        team.close();
    }

    @Test
    void endsInAPublishedModel() {
        long begin = System.nanoTime();
        Run vector = team.apply(Wish.vector());
        Run fineTune = team.apply(Wish.fineTune());
        vector.awaitPhase("Ready", PATIENCE);
        Figures.print("quickstart, applied to a ready vector", Duration.ofNanos(System.nanoTime() - begin));
        fineTune.awaitPhase("Succeeded", PATIENCE);
        Figures.print("quickstart, applied to published", Duration.ofNanos(System.nanoTime() - begin));
        for (JsonNode stage : fineTune.status().path("stages")) {
            Figures.print(
                    "quickstart, stage " + stage.path("name").asText(),
                    Duration.ofSeconds(stage.path("seconds").asLong()));
        }

        assertThat(fineTune.condition("Ready").path("status").asText()).isEqualTo("True");
        assertThat(fineTune.condition("SafetyGatePassed").path("status").asText())
                .isEqualTo("True");
        assertThat(fineTune.status().path("observedGeneration").asLong()).isEqualTo(1);
        assertThat(fineTune.eventReasons()).contains("StageStarted", "StageSucceeded", "Succeeded");
        assertThat(fineTune.jobs()).isNotEmpty();
        assertThat(fineTune.pods("Train")).singleElement().satisfies(QuickstartE2E::hasOneGpu);
        published(fineTune);
    }

    private static void hasOneGpu(Pod pod) {
        assertThat(pod.getSpec().getContainers().getFirst().getResources().getLimits())
                .containsKey(Wish.GPU_RESOURCE);
        assertThat(pod.getSpec().getNodeName()).isNotBlank();
    }

    /** The files that a server would load, at the place that the status names. */
    private static void published(Run fineTune) {
        assertThat(fineTune.status().path("output").path("uri").asText()).isEqualTo("pvc://published/quickstart");
        String files = Probe.in(team.namespace()).with("published").run("list", "/published/quickstart");
        List<String> names = files.lines().map(line -> line.split(" ", 3)[2]).toList();
        assertThat(names).contains("config.json", "model.safetensors", "tokenizer.json");
    }
}
