package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.operator.world.DyingOperator;
import dev.safefinetune.operator.world.DyingOperator.Death;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operator is killed at each of its writes, one after the other, and another one goes on. The oracle is an
 * undisturbed run: the same end state, and each object created as often.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartTest {
    private static final int ENOUGH = 60;
    /** Times, and digests of Jobs that name the resource's uid. */
    private static final Predicate<String> PASSING = field -> field.endsWith("Time")
            || field.equals("since")
            || field.equals("planned")
            || field.toLowerCase(Locale.ROOT).endsWith("seconds");

    private record End(JsonNode vector, JsonNode fineTune, Map<String, Integer> creations, int writes, long perRun) {}

    private final World world;
    private final DyingOperator process = new DyingOperator();
    private final KubernetesClient client;
    private final AtomicInteger namespaces = new AtomicInteger();
    private final End undisturbed;

    RestartTest(@TempDir Path state) throws IOException {
        world = World.start(state);
        client = world.client(process);
        undisturbed = run(0, Death.BEFORE_THE_REQUEST);
    }

    @AfterAll
    void stop() {
        client.close();
        world.close();
    }

    @Test
    void anUndisturbedRunPublishesAndCreatesEachObjectOnce() {
        assertThat(undisturbed.fineTune().path("phase").asText()).isEqualTo("Succeeded");
        assertThat(undisturbed.writes()).isBetween(30, 40);
        assertThat(undisturbed.creations()).allSatisfy((object, times) -> {
            if (!object.endsWith("/events 201")) {
                assertThat(times).as(object).isEqualTo(1);
            }
        });
        assertThat(undisturbed.creations().keySet().stream().filter(object -> object.contains("/jobs/")))
                .hasSize(8);
    }

    /** Of the vector's run and the fine-tune's, events and the accounts that a namespace's runs share aside. */
    @Test
    void aRunCostsFewWrites() {
        assertThat(undisturbed.perRun()).isBetween(10L, 15L);
    }

    /** The harder death at every fourth write; the other one, after which less has happened, at every eighth. */
    @ParameterizedTest
    @CsvSource({"BEFORE_THE_ANSWER, 4", "BEFORE_THE_REQUEST, 8"})
    void aDeathAtAWriteEndsInTheSameState(Death death, int every) {
        die(death, every);
    }

    /** The same at every write, and at every fourth. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource({"BEFORE_THE_ANSWER, 1", "BEFORE_THE_REQUEST, 4"})
    void aDeathAtAnyWriteEndsInTheSameState(Death death, int every) {
        die(death, every);
    }

    private void die(Death death, int every) {
        for (int write = 1; write <= undisturbed.writes(); write += every) {
            End end = run(write, death);

            assertThat(end.vector()).as("vector, %s %d", death, write).isEqualTo(undisturbed.vector());
            assertThat(end.fineTune()).as("fine-tune, %s %d", death, write).isEqualTo(undisturbed.fineTune());
            assertThat(end.creations()).as("creations, %s %d", death, write).isEqualTo(undisturbed.creations());
        }
    }

    /** Runs both resources to their ends; the first process dies at the write, a second one never does. */
    private End run(int lastWrite, Death death) {
        String namespace = "run-" + namespaces.incrementAndGet();
        world.furnish(namespace);
        world.applyVector(namespace);
        world.applyFineTune(namespace);
        process.begin(lastWrite, death);
        Steps operator = new Steps(client, namespace);
        for (int i = 0; i < ENOUGH; i++) {
            try {
                operator.both();
            } catch (RuntimeException e) {
                if (!process.isDead()) {
                    throw e;
                }
            }
            if (process.isDead()) {
                process.succeed();
                operator = new Steps(client, namespace);
                operator.both();
            }
            if (!world.pods().run(namespace, Results::good)) {
                break;
            }
        }
        // What the runs have left behind goes after their ends.
        operator.both();
        return new End(
                status(world.vector(namespace)),
                status(world.fineTune(namespace)),
                creations(namespace),
                process.counted(),
                process.writes().stream()
                                .filter(write -> !write.contains("/events") && !write.contains("/serviceaccounts"))
                                .count()
                        / 2);
    }

    /** How often each object was created, over both lives. */
    private Map<String, Integer> creations(String namespace) {
        Map<String, Integer> counts = new TreeMap<>();
        process.writes().stream()
                .filter(write -> write.startsWith("POST ") && write.endsWith(" 201") || write.startsWith("DELETE "))
                .forEach(write -> counts.merge(write.replace(namespace, "NAMESPACE"), 1, Integer::sum));
        return counts;
    }

    static JsonNode status(CustomResource<?, ?> resource) {
        String json = Serialization.asJson(resource.getStatus())
                .replace(resource.getMetadata().getNamespace(), "NAMESPACE");
        return withoutPassing(Serialization.unmarshal(json, JsonNode.class));
    }

    private static JsonNode withoutPassing(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> times = object.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(PASSING)
                    .toList();
            object.remove(times);
        }
        node.forEach(RestartTest::withoutPassing);
        return node;
    }
}
