package dev.safefinetune.api.v1alpha1;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A place that a resource names by a URI. Doubled slashes and a slash at the end make no other place of it.
 *
 * @param scheme such as {@code pvc}; empty where there is none
 * @param segments what follows it, from the outside to the inside
 */
public record PlaceUri(String scheme, List<String> segments) {
    private static final String SEPARATOR = "://";

    public PlaceUri {
        segments = List.copyOf(segments);
    }

    /** Reads a URI; any text is one. */
    public static PlaceUri of(String uri) {
        int end = uri.indexOf(SEPARATOR);
        String rest = end < 0 ? uri : uri.substring(end + SEPARATOR.length());
        return new PlaceUri(
                end < 0 ? "" : uri.substring(0, end),
                Stream.of(rest.split("/"))
                        .filter(Predicate.not(String::isEmpty))
                        .toList());
    }

    /** Whether one of the two is the other one, or lies inside it. */
    public boolean overlaps(PlaceUri other) {
        int common = Math.min(segments.size(), other.segments.size());
        return scheme.equals(other.scheme) && segments.subList(0, common).equals(other.segments.subList(0, common));
    }
}
