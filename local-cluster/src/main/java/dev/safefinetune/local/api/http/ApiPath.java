package dev.safefinetune.local.api.http;

import dev.safefinetune.local.api.model.ApiFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The parts of a path below {@code /api} or {@code /apis}; each is empty where the path ends before it.
 *
 * @param group empty for the core group
 * @param version such as {@code v1}
 * @param namespace empty for cluster-wide objects and for lists over all namespaces
 * @param plural such as {@code pods}
 * @param name of one object
 * @param subresource such as {@code status}
 */
record ApiPath(String group, String version, String namespace, String plural, String name, String subresource) {

    /**
     * Reads a path with at least a kind in it.
     *
     * @throws ApiFault when it leads nowhere
     */
    static ApiPath parse(String path) {
        Deque<String> parts = new ArrayDeque<>(List.of(path.substring(1).split("/")));
        String group = next(parts).equals("api") ? "" : next(parts);
        String version = next(parts);
        String namespace = "";
        String plural = next(parts);
        if (plural.equals("namespaces") && parts.size() >= 2 && !isNamespaceSubresource(parts)) {
            namespace = next(parts);
            plural = next(parts);
        }
        String name = next(parts);
        String subresource = String.join("/", parts);
        if (plural.isEmpty()) {
            throw ApiFault.noSuchPath();
        }
        return new ApiPath(group, version, namespace, plural, name, subresource);
    }

    private static boolean isNamespaceSubresource(Deque<String> parts) {
        return parts.size() == 2 && List.of("status", "finalize").contains(parts.getLast());
    }

    private static String next(Deque<String> parts) {
        String part = parts.pollFirst();
        return part == null ? "" : part;
    }
}
