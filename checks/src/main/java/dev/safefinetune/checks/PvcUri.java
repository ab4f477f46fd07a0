package dev.safefinetune.checks;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A place on a volume claim of the resource's own namespace: {@code pvc://claim/path}.
 *
 * @param claim the claim's name
 * @param path file or directory on it, without a leading slash; empty for the root
 */
public record PvcUri(String claim, String path) {
    private static final String SCHEME = "pvc://";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    public PvcUri {
        if (!NAME.matcher(claim).matches()) {
            throw new IllegalArgumentException("'" + claim + "' is no name of a volume claim");
        }
        if (List.of(path.split("/", -1)).contains("..") || path.startsWith("/")) {
            throw new IllegalArgumentException("'" + path + "' leaves the volume");
        }
    }

    /** Whether the URI names a volume claim at all. */
    public static boolean isOne(String uri) {
        return uri.startsWith(SCHEME);
    }

    /** Whether {@link #parse} would read it. */
    static boolean isWellFormed(String uri) {
        try {
            parse(uri);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static PvcUri parse(String uri) {
        if (!isOne(uri)) {
            throw new IllegalArgumentException("'" + uri + "' is not of the form pvc://claim/path");
        }
        String rest = uri.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        return slash < 0 ? new PvcUri(rest, "") : new PvcUri(rest.substring(0, slash), rest.substring(slash + 1));
    }

    /** Where a pod finds it, given the directory under which claims are mounted. */
    public String under(String root) {
        return path.isEmpty() ? root + "/" + claim : root + "/" + claim + "/" + path;
    }
}
