package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Tells clients what is served. */
public final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    /** Requests that leave no object behind, by group. */
    private static final Map<String, List<String>> REVIEWS = Map.of(
            "authentication.k8s.io", List.of("TokenReview", "SelfSubjectReview"),
            "authorization.k8s.io", List.of("SubjectAccessReview", "SelfSubjectAccessReview"));

    private final ResourceTypes types;

    public Discovery(ResourceTypes types) {
        this.types = types;
    }

    boolean answer(Call call) throws IOException {
        String path =
                call.path().endsWith("/") ? call.path().substring(0, call.path().length() - 1) : call.path();
        String[] parts = path.split("/");
        switch (path) {
            case "/version" -> call.answer(200, version());
            case "/api" -> {
                ObjectNode core = JsonNodeFactory.instance.objectNode().put("kind", "APIVersions");
                core.putArray("versions").add("v1");
                call.answer(200, core);
            }
            case "/apis" -> {
                ObjectNode list = JsonNodeFactory.instance
                        .objectNode()
                        .put("kind", "APIGroupList")
                        .put("apiVersion", "v1");
                ArrayNode groups = list.putArray("groups");
                groups().forEach(g -> groups.add(group(g)));
                call.answer(200, list);
            }
            case "/api/v1" -> call.answer(200, resources("", "v1"));
            default -> {
                boolean known = parts.length >= 3 && parts[1].equals("apis") && groups().contains(parts[2]);
                if (known && parts.length == 3) {
                    call.answer(200, group(parts[2]));
                } else if (known && parts.length == 4 && versions(parts[2]).contains(parts[3])) {
                    call.answer(200, resources(parts[2], parts[3]));
                } else {
                    return false;
                }
            }
        }
        return true;
    }

    private static ObjectNode version() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "34")
                .put("gitVersion", "v1.34.0+safe-fine-tune")
                .put("gitCommit", "local")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("platform", "java/" + System.getProperty("os.arch"));
    }

    private TreeSet<String> groups() {
        TreeSet<String> groups = new TreeSet<>(REVIEWS.keySet());
        types.all().stream().map(ResourceType::group).filter(g -> !g.isEmpty()).forEach(groups::add);
        return groups;
    }

    private TreeSet<String> versions(String group) {
        TreeSet<String> versions = new TreeSet<>();
        types.all().stream()
                .filter(t -> t.group().equals(group))
                .map(ResourceType::version)
                .forEach(versions::add);
        if (REVIEWS.containsKey(group)) {
            versions.add("v1");
        }
        return versions;
    }

    private ObjectNode group(String group) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "APIGroup")
                .put("apiVersion", "v1")
                .put("name", group);
        ArrayNode versions = node.putArray("versions");
        for (String version : versions(group)) {
            versions.addObject().put("groupVersion", group + "/" + version).put("version", version);
        }
        node.set("preferredVersion", versions.get(0).deepCopy());
        return node;
    }

    private ObjectNode resources(String group, String version) {
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types.all()) {
            if (type.group().equals(group) && type.version().equals(version)) {
                describe(resources, type);
            }
        }
        for (String review : REVIEWS.getOrDefault(group, List.of())) {
            resources
                    .addObject()
                    .put("name", review.toLowerCase(Locale.ROOT) + "s")
                    .put("singularName", review.toLowerCase(Locale.ROOT))
                    .put("namespaced", false)
                    .put("kind", review)
                    .putArray("verbs")
                    .add("create");
        }
        return list;
    }

    private static void describe(ArrayNode resources, ResourceType type) {
        ObjectNode node = resource(resources, type, type.plural(), type.kind());
        node.put("singularName", type.kind().toLowerCase(Locale.ROOT));
        ArrayNode verbs = node.withArray("verbs");
        VERBS.forEach(verbs::add);
        if (!type.shortNames().isEmpty()) {
            ArrayNode shortNames = node.putArray("shortNames");
            type.shortNames().forEach(shortNames::add);
        }
        if (type.statusSubresource()) {
            resource(resources, type, type.plural() + "/status", type.kind())
                    .withArray("verbs")
                    .add("get")
                    .add("patch")
                    .add("update");
        }
        if (type.is("", "Pod")) {
            resource(resources, type, "pods/log", "Pod").withArray("verbs").add("get");
        }
        if (type.is("", "ServiceAccount")) {
            resource(resources, type, "serviceaccounts/token", "TokenRequest")
                    .withArray("verbs")
                    .add("create");
        }
    }

    private static ObjectNode resource(ArrayNode resources, ResourceType type, String name, String kind) {
        ObjectNode node = resources
                .addObject()
                .put("name", name)
                .put("singularName", "")
                .put("namespaced", type.namespaced())
                .put("kind", kind);
        node.putArray("verbs");
        return node;
    }
}
