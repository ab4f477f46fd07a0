package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopiedKeysTest {
    private static final Path SCHEMA = Path.of("../charts/safe-fine-tune-operator/values.schema.json");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "safefinetune.dev/",
                "safefinetune.dev/run",
                "argocd.argoproj.io/",
                "app.kubernetes.io/instance",
                "app.kubernetes.io/managed-by",
                "app.kubernetes.io/",
                "kustomize.toolkit.fluxcd.io/name",
                "helm.toolkit.fluxcd.io/",
                "meta.helm.sh/release-name",
                "kubectl.kubernetes.io/last-applied-configuration",
                "sidecar.istio.io/inject",
                "inject.istio.io/",
                "istio.io/rev",
                "linkerd.io/inject",
                "config.linkerd.io/",
                "vault.hashicorp.com/agent-inject",
                "consul.hashicorp.com/",
                "dapr.io/enabled",
                "instrumentation.opentelemetry.io/inject-java",
                "sidecar.opentelemetry.io/",
                "admission.datadoghq.com/java-lib.custom-image",
                "azure.workload.identity/",
                "k8s.v1.cni.cncf.io/networks",
                "container.apparmor.security.beta.kubernetes.io/trainer",
                "io.kubernetes.cri-o.userns-mode",
                "batch.kubernetes.io/job-name",
                "job-name",
                "gke-gcsfuse/volumes",
            })
    void anEntryThatCouldMatchAKeyThatIsNeverCopiedIsRefused(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CopiedKeys(List.of(entry), List.of()))
                .withMessageContaining(entry);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CopiedKeys(List.of(), List.of(entry)))
                .withMessageContaining(entry);
        assertThat(schemaAllows(entry)).as("the chart's schema").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "*", "te am", "team*", "Acme.example/", "a/b/c", "a//"})
    void whatIsNeitherAKeyNorAPrefixIsRefused(String entry) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CopiedKeys(List.of(entry), List.of()));
        assertThat(schemaAllows(entry)).as("the chart's schema").isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "team",
                "cost-center",
                "acme.example/",
                "acme.example/team",
                "app.kubernetes.io/part-of",
                "cluster-autoscaler.kubernetes.io/safe-to-evict",
                "karpenter.sh/",
                "kueue.x-k8s.io/",
                "notistio.io/",
            })
    void anyOtherKeyOrPrefixMayBeAllowed(String entry) {
        assertThat(new CopiedKeys(List.of(entry), List.of(entry)).labels()).containsExactly(entry);
        assertThat(schemaAllows(entry)).as("the chart's schema").isTrue();
    }

    @Test
    void aPrefixStandsForItsKeysAndAKeyForItself() {
        Copied copied = new CopiedKeys(List.of("team", "acme.example/"), List.of("acme.example/"))
                .of(
                        Map.of("team", "a", "team-lead", "b", "acme.example/x", "c", "sub.acme.example/x", "d"),
                        Map.of("acme.example/y", "e", "team", "f", "kueue.x-k8s.io/queue-name", "g"));

        assertThat(copied.labels()).containsOnly(Map.entry("team", "a"), Map.entry("acme.example/x", "c"));
        assertThat(copied.annotations()).containsOnly(Map.entry("acme.example/y", "e"));
    }

    @Test
    void aResourceWithoutMetadataHasNothingToCopy() {
        assertThat(new CopiedKeys(List.of("team"), List.of("team")).of(null, null))
                .isEqualTo(Copied.NOTHING);
    }

    /** The operator's own keys are what it knows its Jobs by, whatever a resource says. */
    @Test
    void whatTheOperatorSetsItselfWins() {
        Copied copied = new Copied(Map.of(Names.RUN_LABEL, "another", "team", "a"), Map.of());

        assertThat(copied.labelsWith(Map.of(Names.RUN_LABEL, "bot-1")))
                .containsOnly(Map.entry(Names.RUN_LABEL, "bot-1"), Map.entry("team", "a"));
    }

    static Stream<String> denied() {
        return Arrays.stream(NeverCopied.values())
                .flatMap(kind -> Stream.concat(
                        kind.domains().stream().flatMap(domain -> Stream.of(domain + "/x", "sub." + domain + "/")),
                        kind.keys().stream()));
    }

    @ParameterizedTest
    @MethodSource("denied")
    void theChartRefusesAllThatTheOperatorRefuses(String entry) {
        assertThat(NeverCopied.reason(entry)).isPresent();
        assertThat(schemaAllows(entry)).isFalse();
    }

    /** As a validator of JSON Schema reads the chart's values. */
    private static boolean schemaAllows(String entry) {
        try {
            JsonNode item = new ObjectMapper().readTree(SCHEMA.toFile()).at("/definitions/copiedKeys/items");
            return entry.length() >= item.path("minLength").asInt()
                    && Pattern.compile(item.path("pattern").asText())
                            .matcher(entry)
                            .find()
                    && !Pattern.compile(item.at("/not/pattern").asText())
                            .matcher(entry)
                            .find();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
