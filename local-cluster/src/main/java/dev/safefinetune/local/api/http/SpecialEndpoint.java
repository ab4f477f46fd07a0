package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.identity.TokenReviews;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ObjectKey;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import dev.safefinetune.local.api.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Paths behind which no stored object stands: reviews, tokens, logs and the binding of pods. */
public final class SpecialEndpoint {
    private static final ResourceType PODS = ResourceTypes.builtIn("pods");
    private static final int FOLLOW_MILLIS = 200;

    private final ObjectStore store;
    private final TokenReviews tokens;
    private final PodLogs logs;

    public SpecialEndpoint(ObjectStore store, TokenReviews tokens, PodLogs logs) {
        this.store = store;
        this.tokens = tokens;
        this.logs = logs;
    }

    boolean answer(Call call, ApiPath path) throws IOException, InterruptedException {
        String what = path.plural() + (path.subresource().isEmpty() ? "" : "/" + path.subresource());
        switch (what) {
            case "tokenreviews" -> {
                requirePost(call);
                call.answer(201, tokens.review(call.object()));
            }
            case "serviceaccounts/token" -> {
                requirePost(call);
                call.answer(201, tokens.request(path.namespace(), path.name(), call.object()));
            }
            case "selfsubjectreviews" -> {
                requirePost(call);
                ObjectNode review = call.object();
                review.withObject("/status/userInfo").put("username", "system:admin");
                call.answer(201, review);
            }
            case "subjectaccessreviews", "selfsubjectaccessreviews" -> {
                requirePost(call);
                // Only the administrator's token comes this far.
                ObjectNode review = call.object();
                review.withObject("/status").put("allowed", true);
                call.answer(201, review);
            }
            case "pods/binding" -> {
                requirePost(call);
                bind(call, path);
            }
            case "pods/log" -> log(call, path);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void requirePost(Call call) {
        if (!call.method().equals("POST")) {
            throw ApiFault.methodNotAllowed();
        }
    }

    /** What a scheduler does: says where a pod is to run, once. */
    private void bind(Call call, ApiPath path) throws IOException {
        String node = call.object().at("/target/name").asText();
        ObjectKey key = ObjectKey.of(PODS, path.namespace(), path.name());
        JsonNode done = store.atomically(() -> {
            ObjectNode pod = store.get(key)
                    .orElseThrow(() -> ApiFault.notFound(PODS, path.name()))
                    .deepCopy();
            if (!pod.at("/spec/nodeName").asText("").isEmpty()) {
                throw ApiFault.conflict(
                        PODS,
                        path.name(),
                        "pod " + path.name() + " is already assigned to node \""
                                + pod.at("/spec/nodeName").asText() + "\"");
            }
            pod.withObject("/spec").put("nodeName", node);
            return store.put(key, pod);
        });
        call.answer(201, done);
    }

    private void log(Call call, ApiPath path) throws IOException, InterruptedException {
        ObjectNode pod = store.get(ObjectKey.of(PODS, path.namespace(), path.name()))
                .orElseThrow(() -> ApiFault.notFound(PODS, path.name()));
        String container = call.query("container").isEmpty()
                ? pod.at("/spec/containers/0/name").asText()
                : call.query("container");
        Path file = logs.of(Meta.uid(pod), container)
                .orElseThrow(() -> ApiFault.badRequest("container \"" + container + "\" in pod \"" + path.name()
                        + "\" is waiting to start: ContainerCreating"));
        call.startStream("text/plain");
        if (!call.query("tailLines").isEmpty()) {
            tail(call, file, Integer.parseInt(call.query("tailLines")));
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (!call.query("tailLines").isEmpty()) {
                in.skipNBytes(Files.size(file));
            }
            in.transferTo(new Body(call));
            while (call.isSet("follow") && isRunning(path) && !store.log().isClosed()) {
                Thread.sleep(FOLLOW_MILLIS);
                in.transferTo(new Body(call));
                call.flush();
            }
            in.transferTo(new Body(call));
        }
        call.end();
    }

    private static void tail(Call call, Path file, int lines) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        try (var all = Files.lines(file)) {
            all.forEach(line -> {
                last.addLast(line);
                if (last.size() > lines) {
                    last.removeFirst();
                }
            });
        }
        for (String line : List.copyOf(last)) {
            call.send((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private boolean isRunning(ApiPath path) {
        return store.get(ObjectKey.of(PODS, path.namespace(), path.name()))
                .filter(p -> !Set.of("Succeeded", "Failed")
                        .contains(p.at("/status/phase").asText()))
                .isPresent();
    }

    /** The answer's body as a stream. */
    private static final class Body extends java.io.OutputStream {
        private final Call call;

        Body(Call call) {
            this.call = call;
        }

        @Override
        public void write(int b) throws IOException {
            call.send(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            call.send(java.util.Arrays.copyOfRange(bytes, from, from + length));
        }
    }
}
