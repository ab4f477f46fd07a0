package dev.safefinetune.cluster.proxy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request that changes what is stored.
 *
 * @param verb in RBAC's words
 * @param resource plural, with the subresource: safefinetunes/status
 * @param namespace empty for what has none
 * @param name of the object
 */
public record Write(String verb, String resource, String namespace, String name) {
    /** Questions in the form of objects; nothing is stored. */
    private static final Set<String> QUESTIONS = Set.of("authorization.k8s.io", "authentication.k8s.io");

    /** The write that a request is, if it is one. */
    static Optional<Write> of(String method, String path, String body) {
        if (method.equals("GET") || method.equals("HEAD")) {
            return Optional.empty();
        }
        // /api/v1/… and /apis/GROUP/VERSION/…
        List<String> parts =
                Arrays.stream(path.split("/")).filter(p -> !p.isEmpty()).toList();
        boolean core = parts.getFirst().equals("api");
        if (!core && QUESTIONS.contains(parts.get(1))) {
            return Optional.empty();
        }
        List<String> rest = parts.subList(core ? 2 : 3, parts.size());
        String namespace = "";
        if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return Optional.of(new Write(
                verb(method, rest.size() > 1),
                rest.getFirst() + (rest.size() > 2 ? "/" + rest.get(2) : ""),
                namespace,
                rest.size() > 1 ? rest.get(1) : nameIn(body)));
    }

    private static String verb(String method, boolean named) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> throw new IllegalArgumentException("no verb for " + method);
        };
    }

    private static String nameIn(String body) {
        var metadata = body.isEmpty()
                ? null
                : Serialization.unmarshal(body, GenericKubernetesResource.class).getMetadata();
        return metadata == null ? "" : String.valueOf(metadata.getName());
    }

    /** Whether it belongs to no run: who leads is renewed every few seconds. */
    public boolean isElection() {
        return resource.equals("leases");
    }

    /** Told to people; no decision rests on it. */
    public boolean isEvent() {
        return resource.equals("events");
    }

    /** What a run counts by: the same in every namespace. */
    public String text() {
        return verb + " " + resource + " " + name;
    }
}
