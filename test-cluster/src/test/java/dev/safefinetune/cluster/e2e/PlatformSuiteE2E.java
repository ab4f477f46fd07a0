package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Digest;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs are judged by a suite of the platform, which real pods fetch from the operator. */
@ExtendWith(OperatorLog.class)
class PlatformSuiteE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final String NAME = "e2e-exam";

    private String digest = "";

    @BeforeEach
    void aPolicyThatAsksASuite() throws IOException {
        String suite = Files.readString(Cluster.QUICKSTART.resolve("data/suite/prompts.jsonl"));
        digest = Digest.of(suite).value();
        Cluster.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(Cluster.OPERATOR_NAMESPACE)
                        .withName(NAME)
                        .endMetadata()
                        .addToData("prompts.jsonl", suite)
                        .build())
                .create();
        Cluster.client().resource(policy()).create();
    }

    private GenericKubernetesResource policy() {
        return Serialization.unmarshal(
                """
                apiVersion: safefinetune.dev/v1alpha1
                kind: SafeFineTunePolicy
                metadata: {name: %s}
                spec:
                  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
                  securityVectors: {namespaces: [%2$s], readiness: {minExplained: "0.9"}}
                  cooldown: {datasets: Any}
                  suites: {platform: [{configMap: %1$s, prompts: "%s"}]}
                """.formatted(NAME, TEAM.team().namespace(), digest), GenericKubernetesResource.class);
    }

    @AfterEach
    void remove() {
        Cluster.client().resource(policy()).delete();
        Cluster.client()
                .configMaps()
                .inNamespace(Cluster.OPERATOR_NAMESPACE)
                .withName(NAME)
                .delete();
    }

    @Test
    void aRunIsJudgedByASuiteThatLiesInNoNamespaceOfItsOwn() {
        Run run = TEAM.apply(Wish.fineTune("examined"));
        run.awaitPhase("Succeeded", PATIENCE);
        Figures.print(
                "judged by the platform's suite and its vector's, stage Evaluate",
                Duration.ofSeconds(run.stage("Evaluate").path("seconds").asLong()));
        assertThat(run.status().at("/resolved/suites/0/prompts").asText()).isEqualTo(digest);
        assertThat(run.status().at("/resolved/attempt").asInt()).isEqualTo(1);
        assertThat(run.condition("PolicyAccepted").path("status").asText()).isEqualTo("True");
    }

    @Test
    void aSuiteThatWasEditedAfterItWasPinnedEndsTheRunBeforeAGpuIsHeld() {
        Cluster.client()
                .configMaps()
                .inNamespace(Cluster.OPERATOR_NAMESPACE)
                .withName(NAME)
                .edit(suite -> {
                    suite.getData().put("prompts.jsonl", "{}");
                    return suite;
                });
        Run run = TEAM.apply(Wish.fineTune("edited"));
        run.awaitPhase("Failed", PATIENCE);
        assertThat(run.condition("Ready").path("reason").asText()).isEqualTo("DatasetInvalid");
        assertThat(run.condition("Ready").path("message").asText())
                .contains("platform://" + NAME + "/prompts.jsonl has the digest", "the policy pins " + digest);
        assertThat(run.pods("Train")).isEmpty();
    }
}
