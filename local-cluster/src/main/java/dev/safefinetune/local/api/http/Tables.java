package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.change.Kinds;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects as rows with the columns that {@code kubectl get} prints. */
final class Tables {
    private record Column(String name, String type, String path, int priority) {}

    private static final Map<String, List<Column>> BUILT_IN = Map.of(
            "pods",
            List.of(
                    new Column("Status", "string", ".status.phase", 0),
                    new Column("Reason", "string", ".status.reason", 0)),
            "jobs.batch",
            List.of(
                    new Column("Active", "integer", ".status.active", 0),
                    new Column("Succeeded", "integer", ".status.succeeded", 0),
                    new Column("Failed", "integer", ".status.failed", 0)),
            "namespaces",
            List.of(new Column("Status", "string", ".status.phase", 0)),
            "persistentvolumeclaims",
            List.of(
                    new Column("Status", "string", ".status.phase", 0),
                    new Column("Volume", "string", ".spec.volumeName", 0)),
            "events",
            List.of(
                    new Column("Type", "string", ".type", 0),
                    new Column("Reason", "string", ".reason", 0),
                    new Column("Object", "string", ".involvedObject.name", 0),
                    new Column("Message", "string", ".message", 0)));

    private final Kinds kinds;

    Tables(Kinds kinds) {
        this.kinds = kinds;
    }

    boolean isWanted(Call call) {
        return call.header("Accept").contains("as=Table");
    }

    ObjectNode table(ResourceType type, List<ObjectNode> objects, String version) {
        List<Column> columns = columns(type);
        ObjectNode table =
                JsonNodeFactory.instance.objectNode().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", version);
        ArrayNode definitions = table.putArray("columnDefinitions");
        definitions
                .addObject()
                .put("name", "Name")
                .put("type", "string")
                .put("format", "name")
                .put("description", "Name of the object")
                .put("priority", 0);
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name)
                    .put("type", column.type.equals("date") ? "string" : column.type)
                    .put("format", "")
                    .put("description", column.path)
                    .put("priority", column.priority);
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells").add(Meta.name(object));
            columns.forEach(c -> cell(cells, c, object));
            ObjectNode partial =
                    row.putObject("object").put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
            partial.set("metadata", object.path("metadata"));
        }
        return table;
    }

    private List<Column> columns(ResourceType type) {
        List<Column> columns = new ArrayList<>(BUILT_IN.getOrDefault(type.qualified(), List.of()));
        kinds.definition(type)
                .map(d -> d.path("additionalPrinterColumns"))
                .ifPresent(all -> all.forEach(c -> columns.add(new Column(
                        c.path("name").asText(),
                        c.path("type").asText(),
                        c.path("jsonPath").asText(),
                        c.path("priority").asInt()))));
        if (columns.stream().noneMatch(c -> c.name.equals("Age"))) {
            columns.add(new Column("Age", "date", ".metadata.creationTimestamp", 0));
        }
        return columns;
    }

    private static void cell(ArrayNode cells, Column column, ObjectNode object) {
        JsonNode value = JsonPath.find(object, column.path);
        if (value.isMissingNode() || value.isNull()) {
            cells.addNull();
        } else if (column.type.equals("date")) {
            cells.add(age(value.asText()));
        } else if (value.isContainerNode()) {
            cells.add(value.toString());
        } else {
            cells.add(value);
        }
    }

    private static String age(String time) {
        Duration age = Duration.between(Instant.parse(time), Instant.now());
        if (age.toMinutes() < 2) {
            return Math.max(0, age.toSeconds()) + "s";
        }
        if (age.toHours() < 3) {
            return age.toMinutes() + "m";
        }
        return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
    }
}
