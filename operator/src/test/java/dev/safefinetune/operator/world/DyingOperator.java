package dev.safefinetune.operator.world;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes its client's requests down, and lets the client die at one of its writes: before the request leaves, or after it
 * was carried out and before the answer is read. What is dead stays dead.
 */
public final class DyingOperator implements Interceptor {
    /** When it dies. */
    public enum Death {
        BEFORE_THE_REQUEST,
        BEFORE_THE_ANSWER
    }

    /** Thrown by a dead client. */
    public static final class DeadException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final List<String> writes = Collections.synchronizedList(new ArrayList<>());
    private volatile Death death = Death.BEFORE_THE_REQUEST;
    private volatile int lastWrite;
    private volatile int counted;
    private volatile boolean dead;

    /** Begins anew and dies at the write of that number, counted from 1, events aside; 0: never. */
    public void begin(int lastWrite, Death death) {
        writes.clear();
        this.death = death;
        this.lastWrite = lastWrite;
        counted = 0;
        dead = false;
    }

    /** Another process takes its place, and does not die. */
    public void succeed() {
        lastWrite = 0;
        dead = false;
    }

    /** What was written in all lives since the beginning, as method, path and answer. */
    public List<String> writes() {
        return List.copyOf(writes);
    }

    /** How many writes it could die at. */
    public int counted() {
        return counted;
    }

    public boolean isDead() {
        return dead;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (dead) {
            throw new DeadException();
        }
        if (counts(request) && counted + 1 == lastWrite && death == Death.BEFORE_THE_REQUEST) {
            dead = true;
            throw new DeadException();
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (request.method().equals("GET")) {
            return;
        }
        writes.add(request.method() + " " + path(request) + " " + response.code());
        if (!counts(request)) {
            return;
        }
        counted = counted + 1;
        if (counted == lastWrite && death == Death.BEFORE_THE_ANSWER) {
            dead = true;
            throw new DeadException();
        }
    }

    /** The object's path; events are counted together, because their names differ from world to world. */
    private static String path(HttpRequest request) {
        String path = request.uri().getPath();
        if (!request.method().equals("POST") || path.endsWith("/events")) {
            return path;
        }
        return path + "/"
                + Serialization.unmarshal(request.bodyString(), GenericKubernetesResource.class)
                        .getMetadata()
                        .getName();
    }

    /** Nothing depends on events, and their failures are passed over. */
    private static boolean counts(HttpRequest request) {
        return !request.method().equals("GET") && !request.uri().getPath().endsWith("/events");
    }
}
