package dev.safefinetune.local.api.change;

import java.util.List;
import java.util.Map;

/** How the elements of a list are told apart when two versions of it are merged. */
@FunctionalInterface
interface ListShape {
    /** A list that is replaced whole. */
    List<String> ATOMIC = List.of();

    /** A list of single values, each at most once. */
    List<String> SET = List.of("=");

    /**
     * The fields that identify an element.
     *
     * @param path field names from the object's root, such as {@code spec.template.spec.containers}
     * @return {@link #ATOMIC}, {@link #SET} or names of fields
     */
    List<String> keys(String path);

    /** Built-in kinds, whose lists are known by the last name of their path. */
    static ListShape builtIn() {
        Map<String, List<String>> known = Map.ofEntries(
                Map.entry("containers", List.of("name")),
                Map.entry("initContainers", List.of("name")),
                Map.entry("volumes", List.of("name")),
                Map.entry("env", List.of("name")),
                Map.entry("volumeMounts", List.of("mountPath")),
                Map.entry("ports", List.of("containerPort")),
                Map.entry("conditions", List.of("type")),
                Map.entry("ownerReferences", List.of("uid")),
                Map.entry("imagePullSecrets", List.of("name")),
                Map.entry("secrets", List.of("name")),
                Map.entry("finalizers", SET));
        return path -> known.getOrDefault(path.substring(path.lastIndexOf('.') + 1), ATOMIC);
    }
}
