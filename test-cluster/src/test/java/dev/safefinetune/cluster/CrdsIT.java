package dev.safefinetune.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import dev.safefinetune.local.judge.Crds;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionNamesBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CrdsIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final List<String> KINDS = List.of("SafeFineTune", "SecurityVector", "SafeFineTunePolicy");
    private static final String PREFIX = "dev.safefinetune.v1alpha1.";

    @BeforeAll
    static void install() {
        Crds.install(SERVER.client());
    }

    @Test
    void everyCrdIsServedAndStructural() {
        for (String plural : CustomResourceDefinitions.PLURALS) {
            CustomResourceDefinition crd = SERVER.client()
                    .apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(CustomResourceDefinitions.name(plural))
                    .get();
            assertThat(Crds.holds(crd, "Established")).isTrue();
            assertThat(Crds.holds(crd, "NamesAccepted")).isTrue();
            assertThat(Crds.holds(crd, "NonStructuralSchema")).isFalse();
        }
    }

    /** Seen red: a rule over a list without a bound may cost too much, and only a real server says so. */
    @Test
    void ruleOverAnUnboundedListIsRefusedForItsCost() {
        CustomResourceDefinition crd = Crds.read("safefinetunepolicies");
        crd.getMetadata().setName("costlies.safefinetune.dev");
        crd.getSpec()
                .setNames(new CustomResourceDefinitionNamesBuilder()
                        .withKind("Costly")
                        .withPlural("costlies")
                        .withSingular("costly")
                        .build());
        JSONSchemaProps schema =
                crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        for (String field : List.of("spec", "allowedModels")) {
            schema = requireNonNull(schema.getProperties().get(field), field);
        }
        schema.setMaxItems(null);
        schema.setXKubernetesValidations(List.of(new ValidationRuleBuilder()
                .withRule("self.all(a, self.exists(b, a == b))")
                .build()));

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> SERVER.client().resource(crd).create())
                .withMessageContaining("exceeds budget");
    }

    /** What kubectl explain prints comes from here. */
    @Test
    void everyFieldIsExplained() throws InterruptedException {
        JsonNode schemas = OpenApi.schemas(OpenApi.document(
                SERVER.client(),
                "apis/safefinetune.dev/v1alpha1",
                KINDS.stream().map(PREFIX::concat).toList()));
        List<String> silent = new ArrayList<>();
        for (String kind : KINDS) {
            JsonNode schema = schemas.path(PREFIX + kind);
            assertThat(schema.path("description").asText()).as(kind).isNotEmpty();
            collectSilent(kind, schema.path("properties"), silent);
        }
        assertThat(silent).isEmpty();
    }

    private static void collectSilent(String path, JsonNode properties, List<String> silent) {
        for (Map.Entry<String, JsonNode> field : properties.properties()) {
            String name = path + "." + field.getKey();
            JsonNode schema = field.getValue();
            if (!schema.has("description")) {
                silent.add(name);
            }
            collectSilent(name, schema.path("properties"), silent);
            collectSilent(name + "[]", schema.path("items").path("properties"), silent);
        }
    }

    @Test
    void startsWithinAMinute() {
        assertThat(SERVER.controlPlane().startTime()).isLessThan(Duration.ofMinutes(1));
        System.out.printf(
                "control plane ready after %.1f s%n",
                SERVER.controlPlane().startTime().toMillis() / 1000.0);
    }
}
