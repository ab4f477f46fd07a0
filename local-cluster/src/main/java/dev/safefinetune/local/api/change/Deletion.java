package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.change.DeleteOptions.Propagation;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ObjectKey;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import dev.safefinetune.local.api.store.ObjectStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Deletes objects: finalizers, grace periods of pods, and the garbage collection of what they own. */
public final class Deletion {
    private static final String FOREGROUND = "foregroundDeletion";
    private static final ResourceType NAMESPACES = ResourceTypes.builtIn("namespaces");

    private final ObjectStore store;
    private final Kinds kinds;
    private final Clock clock;

    public Deletion(ObjectStore store, Kinds kinds, Clock clock) {
        this.store = store;
        this.kinds = kinds;
        this.clock = clock;
    }

    /**
     * Asks for an object to go.
     *
     * @return the object as it last was, or as it waits for its finalizers
     * @throws ApiFault when it is not there or is not the one that was meant
     */
    public ObjectNode delete(ResourceType type, ObjectKey key, DeleteOptions options) {
        return store.atomically(() -> {
            ObjectNode old = store.get(key).orElseThrow(() -> ApiFault.notFound(type, key.name()));
            check(type, old, options);
            return options.dryRun() ? old : begin(type, key, old.deepCopy(), options);
        });
    }

    private static void check(ResourceType type, ObjectNode old, DeleteOptions options) {
        if (options.uid() != null && !options.uid().equals(Meta.uid(old))) {
            throw ApiFault.conflict(
                    type,
                    Meta.name(old),
                    "the UID in the precondition (" + options.uid() + ") does not match the UID in record ("
                            + Meta.uid(old) + "). The object might have been deleted and then recreated");
        }
        if (options.version() != null && !options.version().equals(Meta.version(old))) {
            throw ApiFault.conflict(
                    type,
                    Meta.name(old),
                    "the ResourceVersion in the precondition (" + options.version()
                            + ") does not match the ResourceVersion in record (" + Meta.version(old)
                            + "). The object might have been modified");
        }
    }

    private ObjectNode begin(ResourceType type, ObjectKey key, ObjectNode object, DeleteOptions options) {
        Propagation propagation = propagation(type, options);
        if (propagation == Propagation.ORPHAN) {
            orphan(Meta.uid(object));
        }
        ObjectNode metadata = Meta.of(object);
        if (!Meta.isDeleting(object)) {
            metadata.put("deletionTimestamp", Meta.time(clock.instant()));
            metadata.put("deletionGracePeriodSeconds", graceSeconds(type, object, options));
            if (kinds.rules(type).hasGeneration()) {
                metadata.put("generation", metadata.path("generation").asLong() + 1);
            }
        } else if (options.graceSeconds() != null
                && options.graceSeconds()
                        < metadata.path("deletionGracePeriodSeconds").asLong()) {
            metadata.put("deletionGracePeriodSeconds", options.graceSeconds());
        }
        boolean foreground = propagation == Propagation.FOREGROUND && hasDependents(Meta.uid(object));
        if (foreground && !Meta.finalizers(object).contains(FOREGROUND)) {
            metadata.withArray("finalizers").add(FOREGROUND);
        }
        if (type.is("", "Namespace")) {
            object.withObject("/status").put("phase", "Terminating");
        }
        if (mayGo(type, object) && !isDefinitionInUse(type, key)) {
            return remove(type, key);
        }
        ObjectNode waiting = store.put(key, object);
        if (foreground) {
            deleteDependents(Meta.uid(object));
        }
        deleteContents(type, key);
        return store.get(key).orElse(waiting);
    }

    /** Whether nothing holds an object any longer whose deletion was asked for. */
    boolean mayGo(ResourceType type, ObjectNode object) {
        return Meta.finalizers(object).isEmpty()
                && (!type.is("", "Pod")
                        || object.at("/metadata/deletionGracePeriodSeconds").asLong() == 0)
                && (!type.is("", "Namespace") || isEmpty(Meta.name(object)));
    }

    /** Takes the object out of the store, and then everything that lived by it. */
    ObjectNode remove(ResourceType type, ObjectKey key) {
        ObjectNode last = store.remove(key).orElseThrow(() -> ApiFault.notFound(type, key.name()));
        if (type.qualified().equals(DefinitionRules.RESOURCE)) {
            kinds.withdraw(last);
        }
        deleteDependents(Meta.uid(last));
        Meta.owners(last).forEach(this::finishForeground);
        ObjectKey namespace = ObjectKey.of(NAMESPACES, "", key.namespace());
        store.get(namespace)
                .filter(n -> Meta.isDeleting(n) && mayGo(NAMESPACES, n))
                .ifPresent(n -> remove(NAMESPACES, namespace));
        return last;
    }

    /** Jobs leave their pods behind unless told otherwise, for compatibility; so does the real server. */
    private static Propagation propagation(ResourceType type, DeleteOptions options) {
        if (options.propagation() != null) {
            return options.propagation();
        }
        return type.is("batch", "Job") ? Propagation.ORPHAN : Propagation.BACKGROUND;
    }

    /** Only a pod that runs somewhere gets time. */
    private static long graceSeconds(ResourceType type, ObjectNode object, DeleteOptions options) {
        boolean ended = Set.of("Succeeded", "Failed")
                .contains(object.at("/status/phase").asText());
        if (!type.is("", "Pod")
                || ended
                || object.at("/spec/nodeName").asText("").isEmpty()) {
            return 0;
        }
        return options.graceSeconds() != null
                ? options.graceSeconds()
                : object.at("/spec/terminationGracePeriodSeconds").asLong(30);
    }

    /** Deletes objects whose owner is gone, if it was their last one. Called after writes that name owners. */
    public void collect(ResourceType type, ObjectKey key) {
        store.atomically(() -> {
            store.get(key)
                    .filter(o -> !Meta.owners(o).isEmpty())
                    .filter(o -> Meta.owners(o).stream().noneMatch(this::exists))
                    .ifPresent(o -> begin(type, key, o.deepCopy(), DeleteOptions.background()));
            return true;
        });
    }

    private boolean exists(JsonNode owner) {
        String uid = owner.path("uid").asText();
        return store.everything().values().stream().anyMatch(o -> Meta.uid(o).equals(uid));
    }

    private Map<ObjectKey, ObjectNode> dependents(String uid) {
        return store.everything().entrySet().stream()
                .filter(e -> Meta.owners(e.getValue()).stream()
                        .anyMatch(o -> o.path("uid").asText().equals(uid)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private boolean hasDependents(String uid) {
        return !dependents(uid).isEmpty();
    }

    private void deleteDependents(String uid) {
        dependents(uid).forEach((key, dependent) -> {
            ObjectNode copy = dependent.deepCopy();
            boolean otherOwner = Meta.owners(dependent).stream()
                    .anyMatch(o -> !o.path("uid").asText().equals(uid) && exists(o));
            if (otherOwner) {
                disown(copy, uid);
                store.put(key, copy);
            } else if (!Meta.isDeleting(copy)) {
                begin(typeOf(dependent), key, copy, DeleteOptions.background());
            }
        });
    }

    private void orphan(String uid) {
        dependents(uid).forEach((key, dependent) -> {
            ObjectNode copy = dependent.deepCopy();
            disown(copy, uid);
            store.put(key, copy);
        });
    }

    private static void disown(ObjectNode object, String uid) {
        ArrayNode kept = object.arrayNode();
        Meta.owners(object).stream()
                .filter(o -> !o.path("uid").asText().equals(uid))
                .forEach(kept::add);
        if (kept.isEmpty()) {
            Meta.of(object).remove("ownerReferences");
        } else {
            Meta.of(object).set("ownerReferences", kept);
        }
    }

    /** An owner that waited for its dependents goes with the last of them. */
    private void finishForeground(JsonNode owner) {
        String uid = owner.path("uid").asText();
        if (hasDependents(uid)) {
            return;
        }
        store.everything().forEach((key, object) -> {
            if (Meta.uid(object).equals(uid) && Meta.finalizers(object).contains(FOREGROUND)) {
                ObjectNode copy = object.deepCopy();
                ArrayNode kept = copy.arrayNode();
                Meta.finalizers(copy).stream()
                        .filter(f -> !f.equals(FOREGROUND))
                        .forEach(kept::add);
                Meta.of(copy).set("finalizers", kept);
                store.put(key, copy);
                if (kept.isEmpty()) {
                    remove(typeOf(copy), key);
                }
            }
        });
    }

    private boolean isEmpty(String namespace) {
        return store.everything().keySet().stream().noneMatch(k -> k.namespace().equals(namespace));
    }

    private boolean isDefinitionInUse(ResourceType type, ObjectKey key) {
        return type.qualified().equals(DefinitionRules.RESOURCE)
                && !store.list(key.name(), "").items().isEmpty();
    }

    /** A namespace takes its objects with it, a definition its instances. */
    private void deleteContents(ResourceType type, ObjectKey key) {
        if (type.is("", "Namespace")) {
            store.everything().forEach((inner, object) -> {
                if (inner.namespace().equals(key.name()) && store.get(inner).isPresent() && !Meta.isDeleting(object)) {
                    begin(typeOf(object), inner, object.deepCopy(), DeleteOptions.background());
                }
            });
        } else if (type.qualified().equals(DefinitionRules.RESOURCE)) {
            for (ObjectNode instance : List.copyOf(store.list(key.name(), "").items())) {
                ResourceType instanceType = typeOf(instance);
                ObjectKey inner = ObjectKey.of(instanceType, Meta.namespace(instance), Meta.name(instance));
                begin(instanceType, inner, instance.deepCopy(), DeleteOptions.background());
            }
            if (store.list(key.name(), "").items().isEmpty() && store.get(key).isPresent()) {
                remove(type, key);
            }
        }
    }

    private ResourceType typeOf(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        return kinds.types()
                .ofKind(group, object.path("kind").asText())
                .orElseThrow(
                        () -> ApiFault.internal("no kind " + object.path("kind").asText()));
    }
}
