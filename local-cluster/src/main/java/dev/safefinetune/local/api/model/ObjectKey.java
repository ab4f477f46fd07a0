package dev.safefinetune.local.api.model;

/**
 * Where an object stands in the store.
 *
 * @param resource plural and group, without the version: an object is one, whatever version it is read in
 * @param namespace empty for cluster-wide objects
 * @param name the object's name
 */
public record ObjectKey(String resource, String namespace, String name) {

    public static ObjectKey of(ResourceType type, String namespace, String name) {
        return new ObjectKey(type.qualified(), type.namespaced() ? namespace : "", name);
    }
}
