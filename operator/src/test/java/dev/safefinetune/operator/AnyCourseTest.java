package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.operator.world.DyingOperator;
import dev.safefinetune.operator.world.DyingOperator.Death;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a user and a cluster do to a run, an operator that dies on the way, and another one that goes on, come to the same
 * end as one that does not: the same status, the same Jobs and volumes, each object created and deleted as often.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnyCourseTest {
    private static final int ENOUGH = 60;
    private static final int LENGTH = 8;

    /** What befalls a run. */
    private enum Act {
        SUSPEND,
        RESUME,
        RUN_A_STAGE,
        FAIL_A_POD,
        REPLACE_IT,
        CHANGE_THE_POLICY,
        CHANGE_THE_WISH
    }

    private record End(
            JsonNode fineTune, List<String> jobs, List<String> volumes, Map<String, Integer> writes, int died) {}

    private final World world;
    private final DyingOperator process = new DyingOperator();
    private final KubernetesClient client;
    private int namespaces;

    AnyCourseTest(@TempDir Path state) throws IOException {
        world = World.start(state);
        client = world.client(process);
    }

    @AfterAll
    void stop() {
        client.close();
        world.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void endsAsWithAnOperatorThatNeverDies(long seed) {
        Random random = new Random(seed);
        List<Act> acts = random.ints(LENGTH, 0, Act.values().length)
                .mapToObj(i -> Act.values()[i])
                .toList();
        End undisturbed = run(acts, 0, Death.BEFORE_THE_ANSWER);
        assertThat(undisturbed.fineTune().path("phase").asText())
                .as(acts.toString())
                .isEqualTo("Succeeded");
        assertThat(undisturbed.volumes()).as("nothing of a run that has ended").isEmpty();

        for (Death death : Death.values()) {
            int write = 1 + random.nextInt(undisturbed.died());
            End end = run(acts, write, death);
            String what = "%s, %s at write %d".formatted(acts, death, write);

            assertThat(end.fineTune()).as(what).isEqualTo(undisturbed.fineTune());
            assertThat(end.jobs()).as(what).isEqualTo(undisturbed.jobs());
            assertThat(end.volumes()).as(what).isEqualTo(undisturbed.volumes());
            assertThat(end.writes()).as(what).isEqualTo(undisturbed.writes());
        }
    }

    private End run(List<Act> acts, int lastWrite, Death death) {
        String namespace = "course-" + ++namespaces;
        world.furnish(namespace);
        world.applyVector(namespace);
        process.begin(0, death);
        Steps operator = new Steps(client, namespace);
        do {
            operator.vector();
        } while (world.pods().run(namespace, Results::good));
        operator.vector();
        world.applyFineTune(namespace);
        process.begin(lastWrite, death);
        operator = look(operator, namespace);
        for (Act act : acts) {
            act(act, namespace);
            operator = look(operator, namespace);
        }
        patch(namespace, "{\"suspend\":false}");
        operator = look(operator, namespace);
        for (int i = 0; i < ENOUGH && world.pods().run(namespace, Results::good); i++) {
            operator = look(operator, namespace);
        }
        return new End(
                RestartTest.status(world.fineTune(namespace)),
                names(world.client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .list()
                        .getItems()),
                names(world.client()
                                .persistentVolumeClaims()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .stream()
                        .filter(name -> name.startsWith("bot-"))
                        .toList(),
                writes(namespace),
                process.counted());
    }

    /** Looks until nothing is left to do; a dead operator's place is taken by another. */
    private Steps look(Steps operator, String namespace) {
        Steps current = operator;
        for (int i = 0; i < ENOUGH; i++) {
            try {
                Pace.Next next = current.fineTune();
                if (next.after() == null || next.after().toSeconds() > 0) {
                    return current;
                }
            } catch (RuntimeException e) {
                if (!process.isDead()) {
                    throw e;
                }
            }
            if (process.isDead()) {
                process.succeed();
                current = new Steps(client, namespace);
            }
        }
        throw new AssertionError("the operator wants to look again and again");
    }

    private void act(Act act, String namespace) {
        switch (act) {
            case SUSPEND -> patch(namespace, "{\"suspend\":true}");
            case RESUME -> patch(namespace, "{\"suspend\":false}");
            case RUN_A_STAGE -> world.pods().run(namespace, Results::good);
            case FAIL_A_POD -> atWork(namespace).forEach(job -> world.pods().failsOnce(job, 30));
            case REPLACE_IT ->
                atWork(namespace).stream()
                        .filter(job -> job.getStatus().getFailed() != null)
                        .forEach(job -> world.pods().tryAgain(job));
            case CHANGE_THE_POLICY -> patch(namespace, "{\"runPolicy\":{\"maxRetries\":3}}");
            case CHANGE_THE_WISH ->
                patch(
                        namespace,
                        "{\"output\":{\"uri\":\""
                                + other(world.fineTune(namespace)
                                        .getSpec()
                                        .output()
                                        .uri()) + "\"}}");
        }
    }

    private static String other(String place) {
        return place.equals("pvc://models/bot") ? "pvc://models/other" : "pvc://models/bot";
    }

    /** Jobs whose pod runs for the first time. */
    private List<Job> atWork(String namespace) {
        return world.pods().open(namespace).stream()
                .filter(job -> job.getStatus().getActive() == null)
                .toList();
    }

    private void patch(String namespace, String spec) {
        world.client()
                .resource(world.fineTune(namespace))
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    private static List<String> names(List<? extends HasMetadata> objects) {
        List<String> names = new ArrayList<>();
        objects.forEach(object -> names.add(object.getMetadata().getName()));
        return names.stream().sorted().toList();
    }

    /** How often each object was created and deleted, over both lives. */
    private Map<String, Integer> writes(String namespace) {
        Map<String, Integer> counts = new TreeMap<>();
        process.writes().stream()
                .filter(write -> !write.contains("/events"))
                .filter(write -> write.startsWith("POST ") && write.endsWith(" 201") || write.startsWith("DELETE "))
                .forEach(write -> counts.merge(write.replace(namespace, "NAMESPACE"), 1, Integer::sum));
        return counts;
    }
}
