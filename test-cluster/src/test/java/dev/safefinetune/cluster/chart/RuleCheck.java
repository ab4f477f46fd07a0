package dev.safefinetune.cluster.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What no role of the chart may hold. */
final class RuleCheck {
    /** Verbs that make of their holder whoever it wants to be. */
    private static final Set<String> RISING = Set.of("escalate", "bind", "impersonate", "approve", "sign");

    /** Ways into a pod, a node or another identity. */
    private static final Set<String> WAYS_IN = Set.of(
            "pods/exec",
            "pods/attach",
            "pods/portforward",
            "pods/proxy",
            "pods/ephemeralcontainers",
            "services/proxy",
            "nodes/proxy",
            "serviceaccounts/token");

    private static final Set<String> READING = Set.of("get", "list", "watch");

    /** Groups whose objects decide about others' rights. */
    private static final Set<String> RIGHTS =
            Set.of("rbac.authorization.k8s.io", "admissionregistration.k8s.io", "certificates.k8s.io");

    private RuleCheck() {}

    /** What is wrong with the rules of a Role or ClusterRole, a sentence each. */
    static List<String> violations(JsonNode role) {
        List<String> found = new ArrayList<>();
        for (JsonNode rule : role.path("rules")) {
            wildcards(rule, found);
            Set<String> verbs = texts(rule, "verbs");
            Set<String> resources = texts(rule, "resources");
            verbs.stream().filter(RISING::contains).forEach(verb -> found.add("verb " + verb));
            resources.stream().filter(WAYS_IN::contains).forEach(resource -> found.add("a way in by " + resource));
            if (!READING.containsAll(verbs)) {
                texts(rule, "apiGroups").stream()
                        .filter(RIGHTS::contains)
                        .forEach(group -> found.add("writes objects of " + group));
            }
            if (resources.contains("secrets")) {
                secrets(role, rule, verbs, found);
            }
        }
        return found.stream().map(what -> Chart.name(role) + ": " + what).toList();
    }

    private static void wildcards(JsonNode rule, List<String> found) {
        for (String field : List.of("apiGroups", "resources", "verbs", "nonResourceURLs")) {
            if (texts(rule, field).stream().anyMatch(text -> text.contains("*"))) {
                found.add("a wildcard in " + field);
            }
        }
    }

    /**
     * Secrets by their names only, in one namespace, and never a list: that shows the contents of each. A creation cannot be
     * held to a name, and shows nothing.
     */
    private static void secrets(JsonNode role, JsonNode rule, Set<String> verbs, List<String> found) {
        if (role.path("kind").asText().equals("ClusterRole")) {
            found.add("Secrets of the whole cluster");
        }
        if (rule.path("resourceNames").isEmpty() && !verbs.equals(Set.of("create"))) {
            found.add("Secrets without their names");
        }
        if (verbs.contains("list") || verbs.contains("watch")) {
            found.add("lists Secrets");
        }
    }

    private static Set<String> texts(JsonNode rule, String field) {
        return Set.copyOf(rule.path(field).valueStream().map(JsonNode::asText).toList());
    }
}
