package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.Selector;
import dev.safefinetune.local.api.store.Change;
import dev.safefinetune.local.api.store.Listing;
import dev.safefinetune.local.api.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams the changes of a kind, one JSON object a line. */
final class WatchEndpoint {
    private static final long DEFAULT_SECONDS = 1800;

    /** How often a client that can take bookmarks gets one while nothing happens; also finds out that it is gone. */
    private static final long BOOKMARK_MILLIS = 10_000;

    private final ObjectStore store;
    private final Tables tables;

    WatchEndpoint(ObjectStore store, Tables tables) {
        this.store = store;
        this.tables = tables;
    }

    void answer(Call call, ResourceType type, String namespace, Selector selector)
            throws IOException, InterruptedException {
        if (call.header("Upgrade").equalsIgnoreCase("websocket")) {
            // Fabric8 asks for a web socket first and takes a plain answer as: use the stream.
            call.answer(200, JsonNodeFactory.instance.objectNode());
            return;
        }
        Watch watch = new Watch(call, type, namespace, selector);
        call.startStream("application/json");
        try {
            watch.run();
        } catch (ApiFault fault) {
            call.send(event("ERROR", fault.status()));
        }
        call.end();
    }

    private static ObjectNode event(String kind, JsonNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", kind);
        event.set("object", object);
        return event;
    }

    /** One client's watch. */
    private final class Watch {
        private final Call call;
        private final ResourceType type;
        private final String namespace;
        private final Selector selector;
        private final boolean asTable;
        private final long endNanos;

        Watch(Call call, ResourceType type, String namespace, Selector selector) {
            this.call = call;
            this.type = type;
            this.namespace = namespace;
            this.selector = selector;
            asTable = tables.isWanted(call);
            String seconds = call.query("timeoutSeconds");
            endNanos = System.nanoTime()
                    + (seconds.isEmpty() ? DEFAULT_SECONDS : Long.parseLong(seconds)) * 1_000_000_000L;
        }

        void run() throws IOException, InterruptedException {
            String from = call.query("resourceVersion");
            boolean initial = from.isEmpty() || from.equals("0") || call.isSet("sendInitialEvents");
            long at = initial ? sendAll() : Long.parseLong(from);
            long bookmarkNanos = nextBookmark();
            while (System.nanoTime() < endNanos && !store.log().isClosed()) {
                long left = (Math.min(endNanos, bookmarkNanos) - System.nanoTime()) / 1_000_000;
                for (Change change : store.log().after(at, Math.max(0, left))) {
                    at = change.version();
                    send(change);
                }
                // Also while other kinds change all the time, or the client would not know how far it has seen.
                if (System.nanoTime() >= bookmarkNanos) {
                    bookmarkNanos = nextBookmark();
                    if (call.isSet("allowWatchBookmarks")) {
                        bookmark(at, false);
                    }
                }
            }
        }

        private static long nextBookmark() {
            return System.nanoTime() + BOOKMARK_MILLIS * 1_000_000;
        }

        private long sendAll() throws IOException {
            Listing listing = store.list(type.qualified(), namespace);
            for (ObjectNode object : listing.items()) {
                if (selector.test(object)) {
                    send("ADDED", object);
                }
            }
            if (call.isSet("sendInitialEvents")) {
                bookmark(listing.version(), true);
            }
            return listing.version();
        }

        private void bookmark(long version, boolean endOfInitial) throws IOException {
            ObjectNode object = JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", type.kind())
                    .put("apiVersion", type.apiVersion());
            ObjectNode metadata = Meta.of(object).put("resourceVersion", Long.toString(version));
            if (endOfInitial) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            call.send(event("BOOKMARK", object));
        }

        /** An object that enters or leaves the selection is added or deleted as far as this client is concerned. */
        private void send(Change change) throws IOException {
            boolean elsewhere =
                    !namespace.isEmpty() && !change.key().namespace().equals(namespace);
            if (elsewhere || !change.key().resource().equals(type.qualified())) {
                return;
            }
            boolean was = isSelected(change.previous());
            boolean is = change.kind() != Change.Kind.DELETED && selector.test(change.object());
            if (was || is) {
                send(is ? (was ? "MODIFIED" : "ADDED") : "DELETED", change.object());
            }
        }

        private boolean isSelected(@Nullable ObjectNode object) {
            return object != null && selector.test(object);
        }

        private void send(String kind, ObjectNode object) throws IOException {
            call.send(event(kind, asTable ? tables.table(type, List.of(object), Meta.version(object)) : object));
        }
    }
}
