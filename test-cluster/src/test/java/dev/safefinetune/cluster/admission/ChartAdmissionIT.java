package dev.safefinetune.cluster.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.chart.Chart;
import dev.safefinetune.cluster.chart.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's admission policies, installed on a real API server: each request of the corpus is judged as it says. */
class ChartAdmissionIT {
    /** A tenant's request waits for all policies together no longer than that, of a hundred ninety-nine times. */
    private static final double MOST_MILLIS = 5;

    private static final String GUARDED = "guarded";
    private static final Corpus CORPUS = Corpus.load();

    @TempDir
    static Path home = Path.of(".");

    private static @Nullable ControlPlane server;

    @BeforeAll
    static void install() throws Exception {
        ControlPlane started = ControlPlane.start();
        server = started;
        World world = world();
        ChartPolicies.definitions().forEach(definition -> world.apply("", definition));
        world.furnish();
        world.namespace(GUARDED, CORPUS.objects("guarded"), "{safefinetune.dev/guarded: \"true\", team: a}");
        world.namespace("open-" + GUARDED, CORPUS.objects("open"), "{team: a}");
        world.namespace("kube-" + GUARDED, CORPUS.objects("kube"), "{}");
        world.namespace(Chart.NAMESPACE, CORPUS.objects("own"), "{}");
        List<String> command = new ArrayList<>(
                List.of("install", Chart.RELEASE, Chart.DIRECTORY.toString(), "--namespace", Chart.NAMESPACE));
        command.addAll(ChartPolicies.FLAGS);
        String notes = Tool.named("helm", home).on(started.adminKubeconfig()).run(command.toArray(String[]::new));
        assertThat(notes).contains("kubectl label namespace NAME safefinetune.dev/guarded=true");
        // The API server takes up new policies in its own time, and all that it knows of at once.
        for (ObjectNode policy : ChartPolicies.rendered(home)) {
            Attempt refused = CORPUS.attempts().stream()
                    .filter(attempt -> attempt.rule().startsWith(ChartPolicies.rules(policy) + "."))
                    .findFirst()
                    .orElseThrow();
            World.await(
                    policy.at("/metadata/name").asText(),
                    () -> !world.judge(refused, GUARDED).rule().isEmpty());
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static World world() {
        if (server == null) {
            throw new IllegalStateException("no API server");
        }
        return new World(server, CORPUS);
    }

    @Test
    void theCorpusIsJudgedAsItSays() {
        List<String> wrong = world().wrong(CORPUS.attempts(), GUARDED);
        assertThat(wrong)
                .as("of %d attempts".formatted(CORPUS.attempts().size()))
                .isEmpty();
        assertThat(CORPUS.attempts()).hasSizeGreaterThanOrEqualTo(150);
        assertThat(CORPUS.attempts()).doesNotHaveDuplicates();
        Map<Boolean, Long> verdicts = new TreeMap<>();
        CORPUS.attempts().forEach(attempt -> verdicts.merge(attempt.isAllowed(), 1L, Long::sum));
        System.out.println("admission corpus: " + verdicts.get(false) + " refused and " + verdicts.get(true)
                + " allowed attempts, all judged right");
    }

    /** What the API server itself says of the time that all checks of a policy took. */
    @Test
    void theChecksAreFast() {
        for (int i = 0; i < 3; i++) {
            CORPUS.attempts().forEach(attempt -> world().judge(attempt, GUARDED));
        }
        Latency latency = Latency.of(world().server().client().raw("/metrics"));
        System.out.println("admission: " + latency);
        assertThat(latency.count()).isGreaterThan(CORPUS.attempts().size());
        assertThat(latency.p99Millis()).isLessThanOrEqualTo(MOST_MILLIS);
    }
}
