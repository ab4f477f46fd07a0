package dev.safefinetune.local.api.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Reading and writing the metadata that every object has. */
public final class Meta {
    private Meta() {}

    /** The metadata, made when it is missing. */
    public static ObjectNode of(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata ? metadata : object.putObject("metadata");
    }

    public static String name(JsonNode object) {
        return text(object, "name");
    }

    public static String namespace(JsonNode object) {
        return text(object, "namespace");
    }

    public static String uid(JsonNode object) {
        return text(object, "uid");
    }

    public static String version(JsonNode object) {
        return text(object, "resourceVersion");
    }

    /** A text of the metadata, empty when absent. */
    public static String text(JsonNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    /** Whether deletion was asked for and something still holds the object. */
    public static boolean isDeleting(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    public static List<String> finalizers(JsonNode object) {
        List<String> all = new ArrayList<>();
        object.path("metadata").path("finalizers").forEach(f -> all.add(f.asText()));
        return all;
    }

    public static List<JsonNode> owners(JsonNode object) {
        List<JsonNode> all = new ArrayList<>();
        object.path("metadata").path("ownerReferences").forEach(all::add);
        return all;
    }

    /** A moment in the form of the API, whole seconds in UTC. */
    public static String time(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
