package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One application of a manager's wish to an object.
 *
 * <p>Fields that the manager applied before and does not wish any more go, unless somebody else holds them too; a field
 * that somebody else holds with another value is a conflict, unless taken by force.
 */
final class ServerSideApply {
    private final ResourceType type;
    private final ListShape shape;
    private final ObjectNode wish;
    private final String subresource;
    private final WriteOptions options;
    private final Set<List<String>> taken = new HashSet<>();

    ServerSideApply(ResourceType type, ListShape shape, ObjectNode wish, String subresource, WriteOptions options) {
        this.type = type;
        this.shape = shape;
        this.wish = wish.deepCopy();
        this.subresource = subresource;
        this.options = options;
        Meta.of(this.wish).remove("managedFields");
        if (subresource.equals("status")) {
            this.wish.retain("apiVersion", "kind", "metadata", "status");
            Meta.of(this.wish).retain("name", "namespace", "resourceVersion", "uid");
        } else if (type.statusSubresource()) {
            this.wish.remove("status");
        }
    }

    /**
     * The object as wished.
     *
     * @throws ApiFault 409 naming each field that somebody else holds
     */
    ObjectNode merge(ObjectNode old) {
        List<ManagedFields.Entry> entries = ManagedFields.read(old);
        List<List<String>> wished = ManagedFields.fields(wish, shape);
        findConflicts(old, entries, wished);
        JsonNode merged = new StrategicMerge(shape).merge(old, wish);
        Set<List<String>> keep = new HashSet<>(wished);
        List<List<String>> dropped = new ArrayList<>();
        for (ManagedFields.Entry entry : entries) {
            List<List<String>> leaves = FieldTree.leaves(entry.fields());
            if (isMine(entry)) {
                dropped.addAll(leaves);
            } else {
                keep.addAll(leaves);
            }
        }
        dropped.removeIf(keep::contains);
        dropped.forEach(leaf -> FieldTree.remove(merged, leaf));
        return (ObjectNode) merged;
    }

    /** Notes on the result who holds what now. */
    void record(ObjectNode object, List<ManagedFields.Entry> before, Clock clock) {
        ManagedFields.recordApply(object, wish, options, subresource, clock, shape, before, taken);
    }

    private boolean isMine(ManagedFields.Entry entry) {
        return entry.isOf(options.fieldManager(), ManagedFields.APPLY, subresource);
    }

    private void findConflicts(ObjectNode old, List<ManagedFields.Entry> entries, List<List<String>> wished) {
        List<FieldFault> conflicts = new ArrayList<>();
        for (ManagedFields.Entry entry : entries) {
            if (isMine(entry)) {
                continue;
            }
            Set<List<String>> theirs = new HashSet<>(FieldTree.leaves(entry.fields()));
            for (List<String> field : wished) {
                boolean differs = !Objects.equals(FieldTree.value(old, field), FieldTree.value(wish, field));
                if (differs && theirs.contains(field)) {
                    taken.add(field);
                    conflicts.add(new FieldFault(
                            "FieldManagerConflict",
                            FieldTree.display(field),
                            "conflict with \"" + entry.manager() + "\""
                                    + (entry.subresource().isEmpty()
                                            ? ""
                                            : " with subresource \"" + entry.subresource() + "\"")
                                    + (entry.operation().equals(ManagedFields.APPLY)
                                            ? ""
                                            : " using " + entry.apiVersion())));
                }
            }
        }
        if (!conflicts.isEmpty() && !options.force()) {
            throw ApiFault.applyConflict(type, Meta.name(old), conflicts);
        }
    }
}
