package dev.safefinetune.contract;

/**
 * Something to read: where the user said it is, and where the pod finds it.
 *
 * @param uri as in the resource, for messages and the report
 * @param path file or directory, relative to the container's working directory ({@code /} in a cluster)
 */
public record Source(String uri, String path) {
    public Source {
        Require.text("source.uri", uri);
        Require.text("source.path", path);
    }
}
