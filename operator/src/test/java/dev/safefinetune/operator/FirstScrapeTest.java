package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.measure.ApiCalls;
import dev.safefinetune.operator.measure.RunMetrics;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Prometheus reads before anything has happened. A counter that appears with its first event is never seen to rise, so
 * {@code increase} misses that event.
 */
class FirstScrapeTest {
    @TempDir
    Path state;

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private static StageResult diverging(JobSpec spec) {
        return spec.task() instanceof StageTask.Train train
                ? StageResult.failed(spec.run(), train.stage(), Fault.DIVERGED, "the loss became infinite")
                : Results.good(spec);
    }

    private Set<String> counters() {
        Set<String> found = new TreeSet<>();
        Pattern.compile("(?m)^(safefinetune_\\w+_(?:total|count)\\{[^}]*\\}) ")
                .matcher(meters.scrape())
                .results()
                .forEach(match -> found.add(match.group(1)));
        return found;
    }

    private void lead(Function<JobSpec, StageResult> trainer) throws IOException {
        try (World world = World.start(state);
                KubernetesClient client = world.client(new ApiCalls(meters))) {
            Steps operator = new Steps(client, new RunMetrics(meters));
            world.applyVector();
            world.applyFineTune();
            do {
                operator.both();
            } while (world.pods().run(World.NAMESPACE, trainer));
            world.applyFineTune("elsewhere", "s3://bucket/model");
            operator.fineTune("elsewhere");
            assertThat(world.fineTuneNamed("elsewhere").getStatus().phase()).hasToString("REJECTED");
        }
    }

    @Test
    void allThatRunsThatEndWellCountIsThereBefore() throws IOException {
        new ApiCalls(meters);
        new RunMetrics(meters);
        Set<String> before = counters();
        lead(Results::good);

        assertThat(before).isNotEmpty();
        assertThat(counters()).isEqualTo(before);
    }

    @Test
    void allThatRunsThatFailCountIsThereBefore() throws IOException {
        new ApiCalls(meters);
        new RunMetrics(meters);
        Set<String> before = counters();
        lead(FirstScrapeTest::diverging);

        assertThat(before).isNotEmpty();
        assertThat(counters()).isEqualTo(before);
    }

    @Test
    void everyAnswerToAReportIsThereBefore() {
        Vertx vertx = Vertx.vertx();
        try (KubernetesClient none = new io.fabric8.kubernetes.client.KubernetesClientBuilder()
                .withConfig(io.fabric8.kubernetes.client.Config.empty())
                .build()) {
            new OperatorStart(vertx, none, meters, new TestSettings());
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();

        for (int status : new int[] {200, 202, 204, 400, 401, 403, 404, 405, 409, 413, 429, 503}) {
            assertThat(meters.scrape()).contains("safefinetune_progress_reports_total{status=\"" + status + "\",} 0.0");
        }
    }

    /** On a replica that stands by, no informer has begun; a gauge that cannot be asked shows NaN, and so does every sum over it. */
    @Test
    void aReplicaThatStandsByShowsNumbers() {
        Vertx vertx = Vertx.vertx();
        try (KubernetesClient none = new io.fabric8.kubernetes.client.KubernetesClientBuilder()
                .withConfig(io.fabric8.kubernetes.client.Config.empty())
                .build()) {
            OperatorStart standby = new OperatorStart(vertx, none, meters, new TestSettings());

            assertThat(meters.scrape()).doesNotContain("NaN").contains("safefinetune_resources{");
            assertThat(standby.isActing()).isFalse();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
