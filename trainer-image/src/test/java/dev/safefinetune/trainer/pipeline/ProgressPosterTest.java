package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressPosterTest {
    private static final Instant THEN = Instant.parse("2026-03-05T14:07:09Z");

    @TempDir
    Path root;

    private final List<String> posted = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private HttpServer server;
    private int status = 204;

    ProgressPosterTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(root.resolve("token"), "CANARY-TOKEN\n");
        server.createContext("/progress", exchange -> {
            posted.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void postsWithTheTokenAtMostAsOftenAsWished() throws InterruptedException {
        try (ProgressPoster poster = poster("token")) {
            poster.accept(progress(0));
            await(1);
            poster.accept(progress(3));
            poster.accept(progress(6));
            await(2);
        }
        assertThat(posted.getFirst()).startsWith("Bearer CANARY-TOKEN {");
        Progress read = ContractJson.read(posted.getFirst().substring("Bearer CANARY-TOKEN ".length()), Progress.class);
        assertThat(read.percentage()).isEqualTo(40);
        assertThat(posted).hasSize(2);
    }

    @Test
    void aRefusalIsToldOnceWithoutTheToken() throws InterruptedException {
        status = 403;
        try (ProgressPoster poster = poster("token")) {
            poster.accept(progress(0));
            await(1);
            poster.accept(progress(10));
            await(2);
        }
        String told = log.toString(StandardCharsets.UTF_8);
        assertThat(told).containsOnlyOnce("progress not posted").doesNotContain("CANARY");
    }

    @Test
    void nothingThatGoesWrongIsThrown() {
        server.stop(0);
        try (ProgressPoster poster = poster("token")) {
            poster.accept(progress(0));
        }
        try (ProgressPoster poster = poster("no-such-token")) {
            poster.accept(progress(0));
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("NoSuchFileException");
    }

    private void await(int count) throws InterruptedException {
        for (int i = 0; i < 500 && posted.size() < count; i++) {
            Thread.sleep(10);
        }
        // The answer is on its way when the server has seen the request.
        Thread.sleep(100);
    }

    private ProgressPoster poster(String token) {
        String url = "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/progress";
        return new ProgressPoster(
                new ProgressTarget(url, token, null, 5),
                root,
                new EventLog(new PrintStream(log, true, StandardCharsets.UTF_8), Clock.systemUTC()));
    }

    private static Progress progress(int seconds) {
        return new Progress(Stage.TRAIN, 40, 9L, "secured arm", 4, 10, 0.5, 100.0, THEN.plusSeconds(seconds), THEN);
    }
}
