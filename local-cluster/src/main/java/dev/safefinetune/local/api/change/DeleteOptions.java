package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * How an object is to go.
 *
 * @param propagation what becomes of its dependents; absent for the kind's own default
 * @param graceSeconds for pods; absent for the pod's own
 * @param uid the object must have it; absent when any will do
 * @param version the object must have it; absent when any will do
 * @param dryRun answer as if, delete nothing
 */
public record DeleteOptions(
        @Nullable Propagation propagation,
        @Nullable Long graceSeconds,
        @Nullable String uid,
        @Nullable String version,
        boolean dryRun) {

    /** What becomes of dependents. */
    public enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    /** At once, dependents as well. */
    public static DeleteOptions background() {
        return new DeleteOptions(Propagation.BACKGROUND, null, null, null, false);
    }

    /**
     * Reads the body of a request, with the query's values where the body has none.
     *
     * @param query looks up a parameter of the request
     */
    public static DeleteOptions read(JsonNode body, java.util.function.UnaryOperator<@Nullable String> query) {
        String propagation = text(body, "propagationPolicy", query);
        String grace = text(body, "gracePeriodSeconds", query);
        JsonNode conditions = body.path("preconditions");
        return new DeleteOptions(
                propagation == null ? null : Propagation.valueOf(propagation.toUpperCase(java.util.Locale.ROOT)),
                grace == null ? null : Long.valueOf(grace),
                conditions.hasNonNull("uid") ? conditions.path("uid").asText() : null,
                conditions.hasNonNull("resourceVersion")
                        ? conditions.path("resourceVersion").asText()
                        : null,
                body.path("dryRun").toString().contains("All") || query.apply("dryRun") != null);
    }

    private static @Nullable String text(
            JsonNode body, String field, java.util.function.UnaryOperator<@Nullable String> query) {
        return body.hasNonNull(field) ? body.path(field).asText() : query.apply(field);
    }
}
