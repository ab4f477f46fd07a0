package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.FirstStage;
import dev.safefinetune.operator.TestSettings;
import dev.safefinetune.operator.certify.CertificateSecret;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as pods meet it: real TLS on the loopback interface, tokens as the API server issues them. */
class ProgressServiceTest {
    private static final String PATH = "/progress/v1/namespaces/team-a/securityvectors/base/runs/base-1";
    private static final String BODY = ProgressCalls.body(Stage.PREPARE_VECTOR);
    private static final int BURST = 20;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final World world;
    private final ProgressService service;
    private HttpClient client;

    ProgressServiceTest(@TempDir Path state) throws Exception {
        world = World.start(state);
        service = service("https://localhost:8443");
        service.start();
        client = Https.client(service.authorities().orElseThrow());
    }

    private ProgressService service(String url) {
        return new ProgressService(vertx, world.client(), url, "default", new TestSettings().progress(), null, meters);
    }

    @BeforeEach
    void serving() {
        assertThat(service.port()).isPositive();
    }

    @AfterEach
    void stop() {
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        world.close();
    }

    private HttpRequest.Builder to(String host, String path) {
        return HttpRequest.newBuilder(URI.create("https://" + host + ":" + service.port() + path))
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> post(String token, String body) throws IOException, InterruptedException {
        return client.send(
                to("localhost", PATH)
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsWhatTheRunsOwnPodReports() throws Exception {
        String uid = world.applyVector().getMetadata().getUid();
        Job job = FirstStage.ofVector(world);
        String token = new ProgressCalls(world, world.client()).token(job, uid, true);

        assertThat(post(token, BODY).statusCode()).isEqualTo(204);
        assertThat(world.vector().getStatus().progress())
                .hasFieldOrPropertyWithValue("stage", "PrepareVector")
                .hasFieldOrPropertyWithValue("percentage", 40);
        assertThat(post(token, BODY).statusCode()).isEqualTo(202);
        assertThat(post("forged." + token, BODY).statusCode()).isEqualTo(401);
        assertThat(meters.counter("safefinetune.progress.reports", "status", "204")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void isTrustedUnderItsOwnNameAndByItsOwnAuthorityOnly() throws Exception {
        HttpRequest byAddress = to("127.0.0.1", PATH).GET().build();
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> client.send(byAddress, HttpResponse.BodyHandlers.discarding()));

        String stranger = new CertificateSecret(
                        world.client(), "default", "another-tls", "localhost", InstantSource.system())
                .current()
                .authorities();
        HttpClient mistaken = Https.client(stranger);
        HttpRequest byName = to("localhost", PATH).GET().build();
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> mistaken.send(byName, HttpResponse.BodyHandlers.discarding()));
    }

    @Test
    void takesPostsOnItsOnePathAndNothingElse() throws Exception {
        HttpResponse<String> get =
                client.send(to("localhost", PATH).GET().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        for (String path : List.of("/", "/q/metrics", "/q/health", PATH + "/more", PATH.replace("team-a", "..%2fx"))) {
            assertThat(client.send(to("localhost", path).GET().build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void refusesABodyThatIsTooLong() throws Exception {
        assertThat(post("x", "x".repeat(64 * 1024)).statusCode()).isEqualTo(401);
        assertThat(post("x", "x".repeat(64 * 1024 + 1)).statusCode()).isEqualTo(413);
    }

    /** The tokens are no tokens: none of them costs a call once the burst is over. */
    @Test
    void turnsAwayWhoAsksTooOften() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        HttpResponse<String> last = post("x", BODY);
        for (int i = 0; i < 2 * BURST; i++) {
            last = post("x", BODY);
            statuses.add(last.statusCode());
        }
        assertThat(statuses).contains(401, 429).doesNotContain(204);
        assertThat(statuses.indexOf(429)).isGreaterThanOrEqualTo(BURST - 1);
        HttpResponse<String> refused = last;
        for (int i = 0; i < BURST && refused.statusCode() != 429; i++) {
            refused = post("x", BODY);
        }
        assertThat(refused.headers().firstValueAsLong("Retry-After")).hasValue(1);
    }

    /** Whoever sends a byte now and then holds a connection for ten seconds and no longer. */
    @Test
    void cutsAConnectionThatTakesItsTime() throws Exception {
        long begin = System.nanoTime();
        try (Socket slow = Https.trusting(service.authorities().orElseThrow())
                .getSocketFactory()
                .createSocket("localhost", service.port())) {
            slow.setSoTimeout(200);
            slow.getOutputStream()
                    .write(("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                            .getBytes(StandardCharsets.US_ASCII));
            boolean open = true;
            while (open && System.nanoTime() - begin < Duration.ofSeconds(60).toNanos()) {
                open = isOpen(slow);
            }
            assertThat(open).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(5));
        }
    }

    private static boolean isOpen(Socket slow) {
        try {
            slow.getOutputStream().write('x');
            InputStream in = slow.getInputStream();
            return in.read() >= 0;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void showsARenewedCertificateWithoutAStart() throws Exception {
        Certificate before = shown();
        // Another replica, told of another name, writes another certificate of the same authority.
        new CertificateSecret(
                        world.client(),
                        "default",
                        new TestSettings().progress().secretName(),
                        "elsewhere.test",
                        InstantSource.system())
                .current();
        service.look();

        client = Https.client(service.authorities().orElseThrow());
        assertThat(shown()).isNotEqualTo(before);
    }

    private Certificate shown() throws Exception {
        return client.send(to("localhost", PATH).GET().build(), HttpResponse.BodyHandlers.discarding())
                .sslSession()
                .orElseThrow()
                .getPeerCertificates()[0];
    }

    @Test
    void anAddressWithoutTlsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> service("http://operator:8080"))
                .withMessageContaining("must be an https URL")
                .withMessageContaining("was http://operator:8080");
    }
}
