package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.operator.measure.ApiCalls;
import dev.safefinetune.operator.measure.RunMetrics;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");

    @TempDir
    Path state;

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RunMetrics metrics = new RunMetrics(meters);

    /** The chain of a vector and of a fine-tune, both led to their end by an operator that counts into the registry. */
    private SafeFineTune lead() throws IOException {
        try (World world = World.start(state);
                KubernetesClient client = world.client(new ApiCalls(meters))) {
            Steps operator = new Steps(client, metrics);
            world.applyVector();
            world.applyFineTune();
            do {
                operator.both();
            } while (world.pods().run(World.NAMESPACE, Results::good));
            // An operator that starts again, and looks once more at all that has ended.
            new Steps(client, metrics).both();
            metrics.act();
            metrics.show("SafeFineTune", FineTunePhase.class, () -> Stream.of(world.fineTune()));
            // The gauge is asked while the world is there.
            assertThat(meters.get("safefinetune.resources")
                            .tags("kind", "SafeFineTune", "phase", "Succeeded")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            return world.fineTune();
        }
    }

    private double count(String name, String... tags) {
        return meters.get(name).tags(tags).counter().count();
    }

    @Test
    void aRunIsCountedOnceHoweverOftenOperatorsLookAtIt() throws IOException {
        SafeFineTune ended = lead();

        assertThat(count("safefinetune.runs.ended", "kind", "SafeFineTune", "phase", "Succeeded"))
                .isEqualTo(1);
        assertThat(count("safefinetune.runs.ended", "kind", "SecurityVector", "phase", "Ready"))
                .isEqualTo(1);
        assertThat(count("safefinetune.safety.verdicts", "kind", "SafeFineTune", "verdict", "Passed"))
                .isEqualTo(1);
        assertThat(meters.get("safefinetune.stage")
                        .tags("kind", "SafeFineTune", "state", "Succeeded")
                        .timers())
                .hasSize(4)
                .allSatisfy(timer -> assertThat(timer.count()).isEqualTo(1));
        metrics.wrote(ended, ended);
        assertThat(count("safefinetune.runs.ended", "kind", "SafeFineTune", "phase", "Succeeded"))
                .isEqualTo(1);
        assertThat(count("safefinetune.api.writes", "method", "post", "resource", "jobs", "status", "201"))
                .isEqualTo(8);
    }

    @Test
    void thePageListsWhatIsExposed() throws IOException {
        lead();
        KubernetesClient none = new io.fabric8.kubernetes.client.KubernetesClientBuilder()
                .withConfig(io.fabric8.kubernetes.client.Config.empty())
                .build();
        io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
        new OperatorStart(vertx, none, meters, new TestSettings());

        assertThat(matches(meters.scrape(), "(?m)^# TYPE (safefinetune_\\w+?)(?:_max)? \\w+$"))
                .isEqualTo(matches(Files.readString(PAGE), "(?m)^\\| `(safefinetune_\\w+)`"));
        vertx.close().toCompletionStage().toCompletableFuture().join();
        none.close();
    }

    /** Nothing that could name one resource, and so grow without end. */
    @Test
    void noFigureBearsTheNameOfAResource() throws IOException {
        lead();
        assertThat(meters.scrape()).doesNotContain("\"bot", "\"base", "\"team-a", "namespace=", "name=");
    }

    private static SortedSet<String> matches(String text, String pattern) {
        SortedSet<String> found = new TreeSet<>();
        Pattern.compile(pattern).matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }
}
