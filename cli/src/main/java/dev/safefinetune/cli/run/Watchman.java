package dev.safefinetune.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Follows the runs of the manifests until nothing more will happen. */
final class Watchman {
    private static final Duration LOOK = Duration.ofMillis(400);

    /** How long nothing may move once a run has failed, before those that wait for it are given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long the API server may leave every look without an answer. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final Display display;
    private final BooleanSupplier alive;
    private Instant answered = Instant.now();

    /**
     * @param alive whether somebody is there to move the runs on
     */
    Watchman(KubernetesClient client, Display display, BooleanSupplier alive) {
        this.client = client;
        this.display = display;
        this.alive = alive;
    }

    /** Shows the runs and returns how each ended; those that have not have no way to go on. */
    Map<Manifest, RunState> follow(List<Manifest> runs) throws InterruptedException {
        Map<Manifest, RunState> states = new LinkedHashMap<>();
        Instant moved = Instant.now();
        while (true) {
            for (Manifest run : runs) {
                Optional<JsonNode> seen = read(run);
                if (seen.isEmpty()) {
                    continue;
                }
                RunState now = RunState.of(seen.get());
                if (!now.equals(states.put(run, now))) {
                    moved = Instant.now();
                }
                display.show(run, now);
            }
            boolean failed = states.values().stream().anyMatch(s -> s.failure() != null);
            boolean atWork = states.values().stream().anyMatch(RunState::isAtWork);
            boolean quiet = Duration.between(moved, Instant.now()).compareTo(PATIENCE) > 0;
            boolean ended =
                    states.size() == runs.size() && states.values().stream().allMatch(RunState::isEnded);
            if (ended || failed && !atWork && quiet || !alive.getAsBoolean()) {
                return states;
            }
            Thread.sleep(LOOK);
        }
    }

    /** None where a connection closed under the question: that says nothing of the run, and the next look asks again. */
    private Optional<JsonNode> read(Manifest run) {
        String path = "/apis/" + run.object().path("apiVersion").asText() + "/namespaces/" + run.namespace() + "/"
                + run.kind().toLowerCase(Locale.ROOT) + "s/" + run.name();
        try {
            JsonNode seen = parse(client.raw(path));
            answered = Instant.now();
            return Optional.of(seen);
        } catch (KubernetesClientException e) {
            boolean silent = Duration.between(answered, Instant.now()).compareTo(SILENCE) > 0;
            if (e.getCode() > 0 || silent) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static JsonNode parse(@Nullable String json) {
        try {
            return Serialization.jsonMapper().readTree(json == null ? "{}" : json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API server answered with something else than JSON", e);
        }
    }
}
