package dev.safefinetune.local.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ObjectKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All objects. What is stored is never changed in place: readers may keep what they got, writers put copies.
 *
 * <p>{@link #atomically} holds the one lock over a read and the write that depends on it.
 */
public final class ObjectStore implements AutoCloseable {
    private static final int LOG_CAPACITY = 5_000;

    /** Versions of objects that were deleted before a restart are not on disk; the jump leaves them behind. */
    private static final long JUMP = 10_000;

    private static final Comparator<ObjectNode> BY_NAME =
            Comparator.<ObjectNode, String>comparing(Meta::namespace).thenComparing(Meta::name);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Map<ObjectKey, ObjectNode>> objects = new HashMap<>();
    private final StateDirectory directory;
    private final ChangeLog log;
    private long version;
    private boolean closed;

    /** Loads what an earlier cluster left in the directory. */
    public ObjectStore(Path state) {
        directory = new StateDirectory(state);
        directory.forEach((key, object) -> {
            version = Math.max(version, Long.parseLong(Meta.version(object)));
            of(key.resource()).put(key, object);
        });
        version = version == 0 ? 1 : version + JUMP;
        log = new ChangeLog(LOG_CAPACITY, version);
    }

    /** Runs a change alone. */
    public <T> T atomically(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    public ChangeLog log() {
        return log;
    }

    public Optional<ObjectNode> get(ObjectKey key) {
        return atomically(() -> Optional.ofNullable(of(key.resource()).get(key)));
    }

    /**
     * Objects of a kind, with the version at which this was so.
     *
     * @param namespace empty for all
     */
    public Listing list(String resource, String namespace) {
        return atomically(() -> {
            List<ObjectNode> items = new ArrayList<>();
            of(resource).forEach((key, object) -> {
                if (namespace.isEmpty() || key.namespace().equals(namespace)) {
                    items.add(object);
                }
            });
            items.sort(BY_NAME);
            return new Listing(items, version);
        });
    }

    /** Every object of every kind. */
    public Map<ObjectKey, ObjectNode> everything() {
        return atomically(() -> {
            Map<ObjectKey, ObjectNode> all = new HashMap<>();
            objects.values().forEach(all::putAll);
            return all;
        });
    }

    /** Puts the object under a new version and returns what was stored. */
    public ObjectNode put(ObjectKey key, ObjectNode object) {
        return atomically(() -> {
            checkOpen();
            ObjectNode stored = object.deepCopy();
            Meta.of(stored).put("resourceVersion", Long.toString(++version));
            directory.write(key, stored);
            ObjectNode previous = of(key.resource()).put(key, stored);
            log.append(new Change(
                    version, previous == null ? Change.Kind.ADDED : Change.Kind.MODIFIED, key, stored, previous));
            return stored;
        });
    }

    /** Removes the object and returns how it last was, under the version of its removal. */
    public Optional<ObjectNode> remove(ObjectKey key) {
        return atomically(() -> {
            checkOpen();
            ObjectNode previous = of(key.resource()).get(key);
            if (previous == null) {
                return Optional.empty();
            }
            directory.remove(key);
            of(key.resource()).remove(key);
            ObjectNode last = previous.deepCopy();
            Meta.of(last).put("resourceVersion", Long.toString(++version));
            log.append(new Change(version, Change.Kind.DELETED, key, last, previous));
            return Optional.of(last);
        });
    }

    /** From now on nothing changes: whoever is in the middle of a request does not write behind the caller's back. */
    @Override
    public void close() {
        atomically(() -> closed = true);
        log.close();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the cluster is closed");
        }
    }

    private Map<ObjectKey, ObjectNode> of(String resource) {
        return objects.computeIfAbsent(resource, r -> new HashMap<>());
    }
}
