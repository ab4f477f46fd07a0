package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Least privilege, in every rendering of the chart. */
class ChartRulesIT {
    /** What belongs to no namespace and is the operator's business. */
    private static final Set<String> OF_THE_CLUSTER =
            Set.of("safefinetunepolicies", "namespaces", "tokenreviews", "customresourcedefinitions");

    @TempDir
    Path home = Path.of(".");

    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    private List<JsonNode> objects(String... flags) {
        return Chart.objects(Chart.render(Tool.named("helm", home), flags));
    }

    private static List<JsonNode> roles(List<JsonNode> objects) {
        return objects.stream()
                .filter(object -> Set.of("Role", "ClusterRole")
                        .contains(object.path("kind").asText()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void noRoleHoldsMoreThanItMay(Path values) {
        List<JsonNode> roles = roles(objects("--values", values.toString()));
        assertThat(roles).isNotEmpty();
        assertThat(roles).flatMap(RuleCheck::violations).isEmpty();
    }

    /** Seen red: each planted rule is found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ClusterRole | {apiGroups: ["*"], resources: [pods], verbs: [get]}                | a wildcard in apiGroups
            ClusterRole | {apiGroups: [""], resources: ["*"], verbs: [get]}                  | a wildcard in resources
            ClusterRole | {apiGroups: [""], resources: ["*/status"], verbs: [get]}           | a wildcard in resources
            Role        | {apiGroups: [batch], resources: [jobs], verbs: ["*"]}              | a wildcard in verbs
            ClusterRole | {nonResourceURLs: ["/metrics/*"], verbs: [get]}                    | a wildcard in nonResourceURLs
            ClusterRole | {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind]} | verb bind
            ClusterRole | {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [escalate]} | verb escalate
            ClusterRole | {apiGroups: [""], resources: [users], verbs: [impersonate]}        | verb impersonate
            Role        | {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [create]} | writes objects of rbac.authorization.k8s.io
            Role        | {apiGroups: [""], resources: [pods/exec], verbs: [create]}         | a way in by pods/exec
            Role        | {apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]} | a way in by serviceaccounts/token
            ClusterRole | {apiGroups: [""], resources: [secrets], resourceNames: [a], verbs: [get]} | Secrets of the whole cluster
            Role        | {apiGroups: [""], resources: [secrets], verbs: [get]}              | Secrets without their names
            Role        | {apiGroups: [""], resources: [secrets], verbs: [create, update]}   | Secrets without their names
            ClusterRole | {apiGroups: [""], resources: [secrets], verbs: [create]}           | Secrets of the whole cluster
            Role        | {apiGroups: [""], resources: [secrets], resourceNames: [a], verbs: [list]} | lists Secrets
            """)
    void aPlantedRuleIsFound(String kind, String rule, String violation) {
        JsonNode role = Chart.objects("{kind: %s, metadata: {name: planted}, rules: [%s]}".formatted(kind, rule))
                .getFirst();
        assertThat(RuleCheck.violations(role)).contains(kind + " planted: " + violation);
    }

    @Test
    void withNamedNamespacesTheOperatorsRightsEndAtThem() {
        List<JsonNode> objects = objects("--set", "watchNamespaces={team-a,team-b}");

        JsonNode cluster = bound(objects, "ClusterRole").getFirst();
        assertThat(resources(cluster)).isEqualTo(OF_THE_CLUSTER);
        assertThat(bound(objects, "Role"))
                .extracting(role -> role.at("/metadata/namespace").asText())
                .contains("team-a", "team-b");
    }

    /** Seen red: without names the same question finds more. */
    @Test
    void withoutThemTheyAreForTheWholeCluster() {
        assertThat(resources(bound(objects(), "ClusterRole").getFirst()))
                .containsAll(OF_THE_CLUSTER)
                .contains("jobs", "pods");
    }

    /** The operator's identity is bound to nothing but roles of the chart. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void bindingsAreOfTheOperatorAlone(Path values) {
        List<JsonNode> bindings = objects("--values", values.toString()).stream()
                .filter(object -> object.path("kind").asText().endsWith("RoleBinding"))
                .toList();
        assertThat(bindings).isNotEmpty().allSatisfy(binding -> {
            assertThat(binding.at("/roleRef/name").asText()).startsWith(Chart.RELEASE);
            assertThat(binding.path("subjects")).singleElement().satisfies(subject -> {
                assertThat(subject.path("kind").asText()).isEqualTo("ServiceAccount");
                assertThat(subject.path("namespace").asText()).isEqualTo(Chart.NAMESPACE);
            });
        });
    }

    /** Roles of a kind that some binding gives to the operator; the roles for users are bound by nobody. */
    private static List<JsonNode> bound(List<JsonNode> objects, String kind) {
        Set<String> named = objects.stream()
                .filter(object -> object.path("kind").asText().endsWith("RoleBinding"))
                .map(binding -> binding.at("/roleRef/kind").asText() + " "
                        + binding.at("/roleRef/name").asText())
                .collect(Collectors.toSet());
        return roles(objects).stream()
                .filter(role -> role.path("kind").asText().equals(kind))
                .filter(role -> named.contains(Chart.name(role)))
                .toList();
    }

    private static Set<String> resources(JsonNode role) {
        return role.path("rules").findValues("resources").stream()
                .flatMap(JsonNode::valueStream)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }
}
