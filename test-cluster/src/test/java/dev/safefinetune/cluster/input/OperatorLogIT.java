package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.world.ScriptedJobs.End;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.local.judge.Crds;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the operator logs of a run, in the format that the chart sets. */
class OperatorLogIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final String NAMESPACE = "logged";
    private static final String CANARY = "canary-of-a-sample";

    @Test
    void hasFieldsForProgramsAndNothingThatAPodSaid(@TempDir Path directory) throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
        Map<String, String> json = Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true");
        try (OperatorProcess operator =
                OperatorProcess.start(SERVER.controlPlane().operatorKubeconfig(), directory, json)) {
            operator.awaitWatching();
            try (GuidedRun run = GuidedRun.at(SERVER.client(), NAMESPACE, Stage.TRAIN)) {
                run.end(spec -> new End(0, "{\"stage\": \"" + CANARY + "\", \"" + CANARY + "\": 1}"));
                run.awaitEnd();
                assertThat(run.reason("Failed")).isEqualTo("ResultUnreadable");
                assertThat(run.team().fineTune().getStatus().toString()).doesNotContain(CANARY);
            }
            assertThat(SERVER.client()
                            .v1()
                            .events()
                            .inNamespace(NAMESPACE)
                            .list()
                            .toString())
                    .contains("ResultUnreadable")
                    .doesNotContain(CANARY);
            assertThat(operator.log()).doesNotContain(CANARY);

            List<JsonNode> lines = new ArrayList<>();
            for (String line : operator.log().lines().toList()) {
                lines.add(Serialization.jsonMapper().readTree(line));
            }
            for (String reason : List.of("StageStarted", "StageSucceeded", "ResultUnreadable")) {
                assertThat(lines).as(reason).anySatisfy(line -> {
                    JsonNode keys = line.path("mdc");
                    assertThat(keys.path("reason").asText()).isEqualTo(reason);
                    assertThat(keys.path("namespace").asText()).isEqualTo(NAMESPACE);
                    assertThat(keys.path("kind").asText()).isEqualTo("SafeFineTune");
                    assertThat(keys.path("name").asText()).isEqualTo("bot");
                });
            }
        }
    }
}
