package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ProgressStatus;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.RunningOperator;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.progress.Https;
import dev.safefinetune.operator.progress.ProgressCalls;
import dev.safefinetune.operator.world.Pods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Progress reports over HTTPS with tokens that a real API server has made and judges. */
class ReportsIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    @RegisterExtension
    static final RunningOperator OPERATOR = new RunningOperator(Map.of(
            "SAFE_FINE_TUNE_PROGRESS_URL", "https://localhost:8443",
            "SAFE_FINE_TUNE_PROGRESS_INTERVAL_SECONDS", "1"));

    private static final int WRITTEN = 204;
    private static final int NOT_A_POD_OF_THE_RUN = 401;
    private static final int TOO_LARGE = 413;
    private static final String CANARY = "canary-of-a-sample";

    /** A run at its training, and how its pod speaks to the operator. */
    private static final class Reporter implements AutoCloseable {
        private final GuidedRun run;
        private final Job job;
        private final JobSpec.ProgressTarget target;
        private final HttpClient http;

        Reporter(String namespace) throws Exception {
            run = GuidedRun.at(SERVER.client(), namespace, Stage.TRAIN);
            job = SERVER.client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(run.jobName())
                    .require();
            target = Objects.requireNonNull(new Pods(SERVER.client()).spec(job).progress());
            http = Https.client(Objects.requireNonNull(target.authorities()));
        }

        /** The pod that the scripts have made of the run's Job. */
        Pod pod() {
            return run.pod().require();
        }

        String token(Pod pod) {
            return ProgressCalls.token(
                    SERVER.client(), pod, run.team().fineTune().getMetadata().getUid(), true);
        }

        int post(String token) throws Exception {
            return post(token, ContractJson.write(progress()));
        }

        int post(String token, String body) throws Exception {
            URI address = URI.create(
                    target.url().replaceFirst(":8443", ":" + OPERATOR.process().progressPort()));
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Authorization", "Bearer " + token)
                    .timeout(Duration.ofSeconds(20))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }

        /** What the resource shows of the pod's report; null before there is one. */
        @Nullable
        String shown() {
            ProgressStatus progress = run.team().fineTune().getStatus().progress();
            return progress == null ? null : progress.activity();
        }

        @Override
        public void close() throws Exception {
            http.close();
            run.close();
        }
    }

    private static Progress progress() {
        return new Progress(Stage.TRAIN, 40, 12L, "fine-tuning", 3, 10, 1.25, 1000.0, Instant.EPOCH, null);
    }

    @Test
    void theRunsOwnPodIsBelieved() throws Exception {
        try (Reporter reporter = new Reporter("reports-own")) {
            assertThat(reporter.post(reporter.token(reporter.pod()))).isEqualTo(WRITTEN);
            assertThat(reporter.shown()).isEqualTo("fine-tuning");
        }
    }

    /** It has the labels, the ServiceAccount and the audience; it lacks the Job as its controller. */
    @Test
    void anotherPodOfTheNamespaceIsNot() throws Exception {
        try (Reporter reporter = new Reporter("reports-neighbour")) {
            Pod own = reporter.pod();
            Pod neighbour = SERVER.client()
                    .resource(new PodBuilder()
                            .withNewMetadata()
                            .withNamespace(own.getMetadata().getNamespace())
                            .withName("neighbour")
                            .withLabels(own.getMetadata().getLabels())
                            .endMetadata()
                            .withSpec(own.getSpec())
                            .build())
                    .create();
            assertThat(reporter.post(reporter.token(neighbour))).isEqualTo(NOT_A_POD_OF_THE_RUN);
            assertThat(reporter.shown()).isNull();
        }
    }

    @Test
    void aPodOfAnotherRunIsNot() throws Exception {
        try (Reporter reporter = new Reporter("reports-one");
                Reporter other = new Reporter("reports-other")) {
            assertThat(reporter.post(other.token(other.pod()))).isEqualTo(NOT_A_POD_OF_THE_RUN);
            assertThat(reporter.shown()).isNull();
        }
    }

    /** The same token signed for a later end is believed: it is the age that the old one is refused for. */
    @Test
    void anOldTokenIsNot() throws Exception {
        try (Reporter reporter = new Reporter("reports-old")) {
            String token = reporter.token(reporter.pod());
            Instant now = Instant.now();
            assertThat(reporter.post(SERVER.controlPlane().tokenKey().until(token, now.minusSeconds(60))))
                    .isEqualTo(NOT_A_POD_OF_THE_RUN);
            assertThat(reporter.shown()).isNull();
            assertThat(reporter.post(SERVER.controlPlane().tokenKey().until(token, now.plusSeconds(60))))
                    .isEqualTo(WRITTEN);
        }
    }

    @Test
    void thePodThatIsGoneIsNot() throws Exception {
        try (Reporter reporter = new Reporter("reports-gone")) {
            Pod pod = reporter.pod();
            String token = reporter.token(pod);
            SERVER.client().resource(pod).withGracePeriod(0).delete();
            assertThat(reporter.post(token)).isEqualTo(NOT_A_POD_OF_THE_RUN);
            assertThat(reporter.shown()).isNull();
        }
    }

    @Test
    void aMegabyteIsRefusedAndNotRepeatedInTheLog() throws Exception {
        try (Reporter reporter = new Reporter("reports-large")) {
            String token = reporter.token(reporter.pod());
            String large = CANARY + "x".repeat(1_000_000);
            assertThat(reporter.post(token, large)).isEqualTo(TOO_LARGE);
            assertThat(reporter.shown()).isNull();
            assertThat(reporter.post(token)).isEqualTo(WRITTEN);
            assertThat(OPERATOR.process().log()).doesNotContain(CANARY).doesNotContain(token);
        }
    }
}
