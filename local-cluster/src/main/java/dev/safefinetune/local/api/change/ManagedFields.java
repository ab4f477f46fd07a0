package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.Meta;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who wrote which field last, in {@code metadata.managedFields}. */
final class ManagedFields {
    static final String APPLY = "Apply";
    private static final String UPDATE = "Update";
    private static final List<String> SERVER_OWNED = List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "generateName",
            "managedFields");

    /** One manager's fields. */
    record Entry(
            String manager, String operation, String subresource, String apiVersion, String time, JsonNode fields) {
        boolean isOf(String otherManager, String otherOperation, String otherSubresource) {
            return manager.equals(otherManager)
                    && operation.equals(otherOperation)
                    && subresource.equals(otherSubresource);
        }
    }

    private ManagedFields() {}

    static List<Entry> read(JsonNode object) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode each : object.at("/metadata/managedFields")) {
            entries.add(new Entry(
                    each.path("manager").asText(),
                    each.path("operation").asText(),
                    each.path("subresource").asText(""),
                    each.path("apiVersion").asText(),
                    each.path("time").asText(),
                    each.path("fieldsV1")));
        }
        return entries;
    }

    private static void write(ObjectNode object, List<Entry> entries) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Entry entry : entries) {
            if (entry.fields.isEmpty()) {
                continue;
            }
            ObjectNode node = list.addObject()
                    .put("manager", entry.manager)
                    .put("operation", entry.operation)
                    .put("apiVersion", entry.apiVersion)
                    .put("time", entry.time)
                    .put("fieldsType", "FieldsV1");
            node.set("fieldsV1", entry.fields);
            if (!entry.subresource.isEmpty()) {
                node.put("subresource", entry.subresource);
            }
        }
        if (list.isEmpty()) {
            Meta.of(object).remove("managedFields");
        } else {
            Meta.of(object).set("managedFields", list);
        }
    }

    /** The fields of an object that clients manage. */
    static List<List<String>> fields(JsonNode object, ListShape shape) {
        ObjectNode managed = object.deepCopy();
        managed.remove(List.of("apiVersion", "kind"));
        if (managed.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SERVER_OWNED);
            if (metadata.isEmpty()) {
                managed.remove("metadata");
            }
        }
        return FieldTree.leaves(FieldTree.of(managed, "", shape));
    }

    /** A create, update or patch: its manager gets what it changed, the others lose it. */
    static void recordUpdate(
            ObjectNode object,
            @Nullable ObjectNode old,
            WriteOptions options,
            String subresource,
            Clock clock,
            ListShape shape) {
        List<List<String>> now = fields(object, shape);
        Set<List<String>> touched = new HashSet<>(now);
        List<List<String>> gained = new ArrayList<>(now);
        if (old != null) {
            gained.removeIf(f -> java.util.Objects.equals(FieldTree.value(object, f), FieldTree.value(old, f)));
            touched = new HashSet<>(fields(old, shape));
            touched.removeAll(new HashSet<>(now));
            touched.addAll(gained);
        }
        List<Entry> entries = old == null ? List.of() : read(old);
        write(object, replace(entries, object, options.fieldManager(), UPDATE, subresource, gained, touched, clock));
    }

    /** A server-side apply: its manager has exactly what it wished. */
    static void recordApply(
            ObjectNode object,
            JsonNode wish,
            WriteOptions options,
            String subresource,
            Clock clock,
            ListShape shape,
            List<Entry> before,
            Set<List<String>> taken) {
        List<Entry> others = before.stream()
                .filter(e -> !e.isOf(options.fieldManager(), APPLY, subresource))
                .toList();
        String time = before.stream()
                .filter(e -> e.isOf(options.fieldManager(), APPLY, subresource))
                .map(Entry::time)
                .findFirst()
                .orElse("");
        List<Entry> entries = new ArrayList<>(
                replace(others, object, options.fieldManager(), APPLY, subresource, fields(wish, shape), taken, clock));
        if (!time.isEmpty() && same(entries, before)) {
            entries = new ArrayList<>(before);
        }
        write(object, entries);
    }

    private static List<Entry> replace(
            List<Entry> entries,
            ObjectNode object,
            String manager,
            String operation,
            String subresource,
            List<List<String>> gained,
            Set<List<String>> taken,
            Clock clock) {
        List<Entry> result = new ArrayList<>();
        List<List<String>> mine = new ArrayList<>(gained);
        String time = Meta.time(clock.instant());
        for (Entry entry : entries) {
            List<List<String>> kept = new ArrayList<>(FieldTree.leaves(entry.fields));
            boolean changed = kept.removeIf(taken::contains);
            if (entry.isOf(manager, operation, subresource)) {
                mine.addAll(kept);
                time = changed || !gained.isEmpty() ? time : entry.time;
            } else {
                result.add(new Entry(
                        entry.manager,
                        entry.operation,
                        entry.subresource,
                        entry.apiVersion,
                        entry.time,
                        FieldTree.ofLeaves(kept)));
            }
        }
        String apiVersion = object.path("apiVersion").asText();
        result.add(new Entry(manager, operation, subresource, apiVersion, time, FieldTree.ofLeaves(mine)));
        return result;
    }

    private static boolean same(List<Entry> a, List<Entry> b) {
        return withoutTimes(a).equals(withoutTimes(b));
    }

    private static Set<Entry> withoutTimes(List<Entry> entries) {
        Set<Entry> all = new HashSet<>();
        for (Entry e : entries) {
            if (!e.fields.isEmpty()) {
                Set<List<String>> leaves = new HashSet<>(FieldTree.leaves(e.fields));
                List<List<String>> sorted = leaves.stream()
                        .sorted((x, y) -> x.toString().compareTo(y.toString()))
                        .toList();
                all.add(new Entry(e.manager, e.operation, e.subresource, e.apiVersion, "", FieldTree.ofLeaves(sorted)));
            }
        }
        return all;
    }

    /** Whether both objects have the same managers with the same fields. */
    static boolean same(ObjectNode a, ObjectNode b) {
        return same(read(a), read(b));
    }
}
