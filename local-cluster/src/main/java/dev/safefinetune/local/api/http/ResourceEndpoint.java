package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.change.DeleteOptions;
import dev.safefinetune.local.api.change.Deletion;
import dev.safefinetune.local.api.change.Kinds;
import dev.safefinetune.local.api.change.Patch;
import dev.safefinetune.local.api.change.Writer;
import dev.safefinetune.local.api.change.Written;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ObjectKey;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.Selector;
import dev.safefinetune.local.api.store.Listing;
import dev.safefinetune.local.api.store.ObjectStore;
import java.io.IOException;
import java.util.List;

/** Reads and writes of objects. */
public final class ResourceEndpoint {
    private final ObjectStore store;
    private final Kinds kinds;
    private final Writer writer;
    private final Deletion deletion;
    private final WatchEndpoint watches;
    private final SpecialEndpoint special;
    private final Tables tables;

    public ResourceEndpoint(ObjectStore store, Kinds kinds, Writer writer, Deletion deletion, SpecialEndpoint special) {
        this.store = store;
        this.kinds = kinds;
        this.writer = writer;
        this.deletion = deletion;
        this.special = special;
        tables = new Tables(kinds);
        watches = new WatchEndpoint(store, tables);
    }

    void answer(Call call) throws IOException, InterruptedException {
        if (!call.path().startsWith("/api/") && !call.path().startsWith("/apis/")) {
            throw ApiFault.noSuchPath();
        }
        ApiPath path = ApiPath.parse(call.path());
        if (special.answer(call, path)) {
            return;
        }
        ResourceType type =
                kinds.types().find(path.group(), path.version(), path.plural()).orElseThrow(ApiFault::noSuchPath);
        boolean status = path.subresource().equals("status") && type.statusSubresource();
        if (!path.subresource().isEmpty() && !status) {
            throw ApiFault.noSuchPath();
        }
        if (path.name().isEmpty()) {
            collection(call, type, path.namespace());
        } else {
            single(call, type, ObjectKey.of(type, path.namespace(), path.name()), path.subresource());
        }
    }

    private void collection(Call call, ResourceType type, String namespace) throws IOException, InterruptedException {
        switch (call.method()) {
            case "GET" -> {
                Selector selector = Selector.parse(type, call.query("labelSelector"), call.query("fieldSelector"));
                if (call.isSet("watch")) {
                    watches.answer(call, type, namespace, selector);
                } else {
                    list(call, type, namespace, selector);
                }
            }
            case "POST" -> {
                if (type.namespaced() && namespace.isEmpty()) {
                    throw ApiFault.methodNotAllowed();
                }
                written(call, type, writer.create(type, namespace, call.object(), call.writeOptions()));
            }
            case "DELETE" -> deleteAll(call, type, namespace);
            default -> throw ApiFault.methodNotAllowed();
        }
    }

    private void single(Call call, ResourceType type, ObjectKey key, String subresource) throws IOException {
        switch (call.method()) {
            case "GET" -> {
                ObjectNode object = store.get(key).orElseThrow(() -> ApiFault.notFound(type, key.name()));
                call.answer(200, tables.isWanted(call) ? tables.table(type, List.of(object), "") : object);
            }
            case "PUT" ->
                written(call, type, writer.update(type, key, subresource, call.object(), call.writeOptions()));
            case "PATCH" -> {
                Patch patch = new Patch(form(call), call.body());
                written(call, type, writer.patch(type, key, subresource, patch, call.writeOptions()));
            }
            case "DELETE" -> {
                if (!subresource.isEmpty()) {
                    throw ApiFault.methodNotAllowed();
                }
                ObjectNode gone = deletion.delete(type, key, DeleteOptions.read(call.body(), call::queryOrNull));
                call.answer(200, store.get(key).isPresent() ? gone : success(type, gone));
            }
            default -> throw ApiFault.methodNotAllowed();
        }
    }

    private void written(Call call, ResourceType type, Written written) throws IOException {
        if (!Meta.owners(written.object()).isEmpty()) {
            String namespace = Meta.namespace(written.object());
            deletion.collect(type, ObjectKey.of(type, namespace, Meta.name(written.object())));
        }
        call.warn(written.warnings());
        call.answer(
                written.created() ? 201 : 200,
                tables.isWanted(call) ? tables.table(type, List.of(written.object()), "") : written.object());
    }

    private void list(Call call, ResourceType type, String namespace, Selector selector) throws IOException {
        Listing listing = store.list(type.qualified(), namespace);
        List<ObjectNode> chosen = listing.items().stream().filter(selector).toList();
        String version = Long.toString(listing.version());
        if (tables.isWanted(call)) {
            call.answer(200, tables.table(type, chosen, version));
            return;
        }
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("kind", type.kind() + "List")
                .put("apiVersion", type.apiVersion());
        list.putObject("metadata").put("resourceVersion", version);
        ArrayNode items = list.putArray("items");
        chosen.forEach(items::add);
        call.answer(200, list);
    }

    private void deleteAll(Call call, ResourceType type, String namespace) throws IOException {
        Selector selector = Selector.parse(type, call.query("labelSelector"), call.query("fieldSelector"));
        DeleteOptions options = DeleteOptions.read(call.body(), call::queryOrNull);
        List<ObjectNode> chosen = store.list(type.qualified(), namespace).items().stream()
                .filter(selector)
                .toList();
        for (ObjectNode each : chosen) {
            ObjectKey key = ObjectKey.of(type, Meta.namespace(each), Meta.name(each));
            if (store.get(key).isPresent()) {
                deletion.delete(type, key, options);
            }
        }
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("kind", type.kind() + "List")
                .put("apiVersion", type.apiVersion());
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        chosen.forEach(items::add);
        call.answer(200, list);
    }

    private static JsonNode success(ResourceType type, ObjectNode gone) {
        ObjectNode status = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Success");
        status.putObject("metadata");
        ObjectNode details = status.putObject("details").put("name", Meta.name(gone));
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural()).put("uid", Meta.uid(gone));
        return status;
    }

    private static Patch.Form form(Call call) {
        return switch (call.contentType()) {
            case "application/json-patch+json" -> Patch.Form.JSON;
            case "application/merge-patch+json" -> Patch.Form.MERGE;
            case "application/strategic-merge-patch+json" -> Patch.Form.STRATEGIC;
            case "application/apply-patch+yaml" -> {
                if (call.query("fieldManager").isEmpty()) {
                    throw ApiFault.badRequest(
                            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                                    + " required for apply patch");
                }
                yield Patch.Form.APPLY;
            }
            default ->
                throw ApiFault.unsupportedMediaType("the body of the request was in an unknown format - accepted"
                        + " media types include: application/json-patch+json, application/merge-patch+json,"
                        + " application/strategic-merge-patch+json, application/apply-patch+yaml");
        };
    }
}
