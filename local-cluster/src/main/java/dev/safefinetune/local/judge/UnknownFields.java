package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Takes the fields out of an object that its schema does not know, and says which. */
final class UnknownFields {
    private static final Set<String> ROOT = Set.of("apiVersion", "kind", "metadata");

    /** Fields of ObjectMeta, which every object has and no CRD lists. */
    private static final Set<String> METADATA = Set.of(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private final List<Finding> findings = new ArrayList<>();

    private UnknownFields() {}

    static List<Finding> prune(ObjectNode object, StructuralSchema schema) {
        UnknownFields unknown = new UnknownFields();
        for (String name : names(object)) {
            StructuralSchema of = schema.field(name);
            if (name.equals("metadata") && object.get(name) instanceof ObjectNode metadata) {
                unknown.metadata(metadata);
            } else if (ROOT.contains(name)) {
                continue;
            } else if (of == null) {
                unknown.take(object, "", name, withRoot(schema));
            } else {
                unknown.visit(Paths.field("", name), object.path(name), of);
            }
        }
        return unknown.findings;
    }

    private void metadata(ObjectNode metadata) {
        for (String name : names(metadata)) {
            if (!METADATA.contains(name)) {
                take(metadata, "metadata", name, METADATA);
            }
        }
    }

    private void visit(String path, JsonNode value, StructuralSchema schema) {
        if (value instanceof ObjectNode object) {
            for (String name : names(object)) {
                StructuralSchema of = schema.field(name);
                if (of != null) {
                    visit(Paths.field(path, name), object.path(name), of);
                } else if (!schema.preservesUnknownFields()) {
                    take(object, path, name, schema.properties().keySet());
                }
            }
        } else if (value instanceof ArrayNode array && schema.items() != null) {
            for (int i = 0; i < array.size(); i++) {
                visit(Paths.item(path, i), array.get(i), schema.items());
            }
        }
    }

    private void take(ObjectNode from, String path, String name, Set<String> known) {
        from.remove(name);
        findings.add(new Finding(
                Finding.Type.UNKNOWN_FIELD,
                Paths.field(path, name),
                "",
                "there is no such field; " + right(name, known)));
    }

    private static Set<String> withRoot(StructuralSchema schema) {
        Set<String> known = new TreeSet<>(schema.properties().keySet());
        known.addAll(ROOT);
        return known;
    }

    /** What was meant, where one known name is close; otherwise all of them. */
    private static String right(String name, Set<String> known) {
        return Spelling.closest(name, known)
                .map(meant -> "did you mean " + meant + "?")
                .orElseGet(() -> known.isEmpty()
                        ? "none is known here"
                        : "known here are " + String.join(", ", new TreeSet<>(known)));
    }

    /** A copy, because fields are taken out on the way. */
    private static List<String> names(ObjectNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
