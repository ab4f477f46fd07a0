package dev.safefinetune.local.api.model;

import java.util.List;

/**
 * A kind of object and how it is served.
 *
 * @param group empty for the core group
 * @param version such as {@code v1}
 * @param kind such as {@code Job}
 * @param plural as in paths, such as {@code jobs}
 * @param namespaced whether its objects live in namespaces
 * @param statusSubresource whether status is written by its own path only
 * @param shortNames as in {@code kubectl get po}
 */
public record ResourceType(
        String group,
        String version,
        String kind,
        String plural,
        boolean namespaced,
        boolean statusSubresource,
        List<String> shortNames) {

    public ResourceType {
        shortNames = List.copyOf(shortNames);
    }

    /** The plural with its group, such as {@code jobs.batch}. */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** As in an object's {@code apiVersion}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Whether both are the same kind, perhaps in other versions. */
    public boolean is(String otherGroup, String otherKind) {
        return group.equals(otherGroup) && kind.equals(otherKind);
    }
}
