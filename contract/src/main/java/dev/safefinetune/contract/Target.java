package dev.safefinetune.contract;

/**
 * Where a result is published.
 *
 * @param uri as in the resource, for messages and the report
 * @param path directory that will hold the result, relative to the container's working directory; it appears whole or
 *     not at all
 */
public record Target(String uri, String path) {
    public Target {
        Require.text("target.uri", uri);
        Require.text("target.path", path);
    }
}
