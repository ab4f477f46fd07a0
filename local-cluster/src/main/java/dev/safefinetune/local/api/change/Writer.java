package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ObjectKey;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import dev.safefinetune.local.api.store.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and changes objects by the rules of their kinds. */
public final class Writer {
    private static final String STATUS = "status";

    private final ObjectStore store;
    private final Kinds kinds;
    private final Deletion deletion;
    private final Clock clock;

    public Writer(ObjectStore store, Kinds kinds, Deletion deletion, Clock clock) {
        this.store = store;
        this.kinds = kinds;
        this.deletion = deletion;
        this.clock = clock;
    }

    /**
     * Creates an object.
     *
     * @throws ApiFault when it exists, is wrong, or its namespace is not there
     */
    public Written create(ResourceType type, String namespace, ObjectNode body, WriteOptions options) {
        return create(type, namespace, body, options, false);
    }

    private Written create(
            ResourceType type, String namespace, ObjectNode body, WriteOptions options, boolean applied) {
        return store.atomically(() -> {
            ObjectNode object = body.deepCopy();
            ObjectNode metadata = own(type, namespace, object);
            for (String field : List.of("creationTimestamp", "deletionTimestamp", "generation", "uid", "selfLink")) {
                metadata.remove(field);
            }
            if (!Meta.version(object).isEmpty()) {
                throw ApiFault.badRequest("resourceVersion should not be set on objects to be created");
            }
            if (Meta.name(object).isEmpty() && metadata.hasNonNull("generateName")) {
                metadata.put("name", Names.generate(Meta.text(object, "generateName")));
            }
            List<FieldFault> faults = new ArrayList<>();
            Names.check(type, Meta.name(object)).ifPresent(faults::add);
            requireNamespace(type, namespace, Meta.name(object));
            Rules rules = kinds.rules(type);
            // Before the defaults, which may hold a status of their own.
            if (type.statusSubresource()) {
                object.remove(STATUS);
            }
            List<String> warnings = prune(rules, object, options);
            // Pruning may have put other nodes in the place of those before.
            metadata = Meta.of(object);
            metadata.put("uid", UUID.randomUUID().toString());
            metadata.put("creationTimestamp", Meta.time(clock.instant()));
            if (rules.hasGeneration()) {
                metadata.put("generation", 1);
            }
            rules.prepareCreation(object);
            faults.addAll(rules.checkCreation(object));
            refuse(type, Meta.name(object), faults);
            ObjectKey key = ObjectKey.of(type, namespace, Meta.name(object));
            if (store.get(key).isPresent()) {
                throw ApiFault.alreadyExists(type, key.name());
            }
            if (applied) {
                new ServerSideApply(type, kinds.listShape(type), body, "", options).record(object, List.of(), clock);
            } else {
                ManagedFields.recordUpdate(object, null, options, "", clock, kinds.listShape(type));
            }
            return new Written(options.dryRun() ? object : stored(type, key, object), true, warnings);
        });
    }

    /**
     * Replaces an object, or with {@code subresource} status that part of it.
     *
     * @throws ApiFault 409 when {@code body} was read from an older version
     */
    public Written update(ResourceType type, ObjectKey key, String subresource, ObjectNode body, WriteOptions options) {
        return store.atomically(() -> {
            ObjectNode old = existing(type, key);
            ObjectNode object = body.deepCopy();
            own(type, key.namespace(), object);
            if (!Meta.name(object).equals(key.name())) {
                throw ApiFault.badRequest("the name of the object (" + Meta.name(object)
                        + ") does not match the name on the URL (" + key.name() + ")");
            }
            if (Meta.version(object).isEmpty() && kinds.types().isCustom(type)) {
                refuse(
                        type,
                        key.name(),
                        List.of(FieldFault.invalid("metadata.resourceVersion", 0, "must be specified for an update")));
            }
            return commit(type, key, subresource, old, object, options, null);
        });
    }

    /** Changes an object by a patch; applying also creates. */
    public Written patch(ResourceType type, ObjectKey key, String subresource, Patch patch, WriteOptions options) {
        return store.atomically(() -> {
            if (patch.form() == Patch.Form.APPLY) {
                return apply(type, key, subresource, patch.body(), options);
            }
            if (patch.form() == Patch.Form.STRATEGIC && kinds.types().isCustom(type)) {
                throw ApiFault.unsupportedMediaType("the body of the request was in an unknown format - accepted media"
                        + " types include: application/json-patch+json, application/merge-patch+json,"
                        + " application/apply-patch+yaml");
            }
            ObjectNode old = existing(type, key);
            return commit(type, key, subresource, old, patch.apply(old), options, null);
        });
    }

    private Written apply(ResourceType type, ObjectKey key, String subresource, JsonNode body, WriteOptions options) {
        if (!(body.deepCopy() instanceof ObjectNode wish)) {
            throw ApiFault.badRequest("an apply patch must be an object");
        }
        own(type, key.namespace(), wish);
        Meta.of(wish).put("name", key.name());
        ObjectNode old = store.get(key).orElse(null);
        if (old == null) {
            if (!subresource.isEmpty()) {
                throw ApiFault.notFound(type, key.name());
            }
            return create(type, key.namespace(), wish, options, true);
        }
        ServerSideApply application = new ServerSideApply(type, kinds.listShape(type), wish, subresource, options);
        return commit(type, key, subresource, old, application.merge(old), options, application);
    }

    private Written commit(
            ResourceType type,
            ObjectKey key,
            String subresource,
            ObjectNode old,
            ObjectNode candidate,
            WriteOptions options,
            @Nullable ServerSideApply application) {
        if (!Meta.version(candidate).isEmpty() && !Meta.version(candidate).equals(Meta.version(old))) {
            throw ApiFault.modified(type, key.name());
        }
        if (!Meta.uid(candidate).isEmpty() && !Meta.uid(candidate).equals(Meta.uid(old))) {
            throw ApiFault.conflict(
                    type,
                    key.name(),
                    "Precondition failed: UID in precondition: " + Meta.uid(candidate) + ", UID in object meta: "
                            + Meta.uid(old));
        }
        Rules rules = kinds.rules(type);
        List<String> warnings = prune(rules, candidate, options);
        ObjectNode object = subresource.equals(STATUS)
                ? Revision.withStatus(old, candidate)
                : Revision.withoutStatus(type, old, candidate);
        Revision.keepIdentity(object, old);
        rules.prepareUpdate(object, old);
        List<FieldFault> faults = new ArrayList<>(Revision.checkFinalizers(object, old));
        faults.addAll(rules.checkUpdate(object, old));
        refuse(type, key.name(), faults);
        if (rules.hasGeneration() && !Revision.content(object).equals(Revision.content(old))) {
            Meta.of(object).put("generation", old.at("/metadata/generation").asLong() + 1);
        }
        if (application == null) {
            ManagedFields.recordUpdate(object, old, options, subresource, clock, kinds.listShape(type));
        } else {
            application.record(object, ManagedFields.read(old), clock);
        }
        if (Revision.withoutManagers(object).equals(Revision.withoutManagers(old)) && ManagedFields.same(object, old)) {
            return new Written(old, false, warnings);
        }
        if (options.dryRun()) {
            return new Written(object, false, warnings);
        }
        if (Meta.isDeleting(object) && deletion.mayGo(type, object)) {
            store.put(key, object);
            return new Written(deletion.remove(type, key), false, warnings);
        }
        return new Written(stored(type, key, object), false, warnings);
    }

    private ObjectNode stored(ResourceType type, ObjectKey key, ObjectNode object) {
        ObjectNode stored = store.put(key, object);
        if (type.qualified().equals(DefinitionRules.RESOURCE)) {
            kinds.serve(stored);
        }
        if (type.is("", "Namespace") && !Meta.isDeleting(stored)) {
            giveServiceAccount(key.name());
        }
        return stored;
    }

    /** Every namespace has a service account that its pods run as. */
    private void giveServiceAccount(String namespace) {
        ResourceType accounts = ResourceTypes.builtIn("serviceaccounts");
        if (store.get(ObjectKey.of(accounts, namespace, "default")).isEmpty()) {
            ObjectNode account = JsonNodeFactory.instance.objectNode();
            Meta.of(account).put("name", "default");
            create(accounts, namespace, account, WriteOptions.own());
        }
    }

    private ObjectNode existing(ResourceType type, ObjectKey key) {
        return store.get(key).orElseThrow(() -> ApiFault.notFound(type, key.name()));
    }

    /** Holds an object against the path it was sent to and returns its metadata. */
    private static ObjectNode own(ResourceType type, String namespace, ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText("");
        String kind = object.path("kind").asText("");
        if (apiVersion.isEmpty() && kind.isEmpty()) {
            object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        } else if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
            throw ApiFault.badRequest(kind + " in version \"" + apiVersion + "\" cannot be handled as a " + type.kind()
                    + " in version \"" + type.apiVersion() + "\"");
        }
        ObjectNode metadata = Meta.of(object);
        if (type.namespaced()) {
            if (!Meta.namespace(object).isEmpty() && !Meta.namespace(object).equals(namespace)) {
                throw ApiFault.badRequest(
                        "the namespace of the provided object does not match the namespace sent on the request");
            }
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        return metadata;
    }

    private void requireNamespace(ResourceType type, String namespace, String name) {
        if (!type.namespaced()) {
            return;
        }
        ResourceType namespaces = ResourceTypes.builtIn("namespaces");
        ObjectNode found = store.get(ObjectKey.of(namespaces, "", namespace))
                .orElseThrow(() -> ApiFault.notFound(namespaces, namespace));
        if (Meta.isDeleting(found)) {
            throw ApiFault.forbidden(
                    type,
                    name,
                    "unable to create new content in namespace " + namespace + " because it is being terminated");
        }
    }

    private static List<String> prune(Rules rules, ObjectNode object, WriteOptions options) {
        List<String> unknown = rules.prune(object);
        if (!unknown.isEmpty() && options.validation() == WriteOptions.FieldValidation.STRICT) {
            throw ApiFault.badRequest("strict decoding error: " + String.join(", ", unknown));
        }
        return options.validation() == WriteOptions.FieldValidation.WARN ? unknown : List.of();
    }

    private static void refuse(ResourceType type, String name, List<FieldFault> faults) {
        if (!faults.isEmpty()) {
            throw ApiFault.invalid(type, name, faults);
        }
    }
}
