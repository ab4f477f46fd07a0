package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator that is not there for a while, or at all. */
class OperatorCallsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;
    private int unavailable;

    @TempDir
    Path root = Path.of(".");

    OperatorCallsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(root.resolve("token"), "TOKEN");
        server.createContext("/run", exchange -> {
            exchange.sendResponseHeaders(asked.incrementAndGet() <= unavailable ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private OperatorCalls calls() {
        String url = "http://localhost:" + server.getAddress().getPort() + "/run";
        return new OperatorCalls(new ProgressTarget(url, "token", null, 5), root, Duration.ofMillis(1));
    }

    @Test
    void anOperatorThatIsRolledOutIsAskedAgain() {
        unavailable = 3;
        assertThat(calls().get("/suites/house/prompts.jsonl", "for a suite").statusCode())
                .isEqualTo(200);
        assertThat(asked).hasValue(4);
    }

    /** So the stage is tried again, and is not told to have failed. */
    @Test
    void oneThatStaysAwayIsAFaultOfTheSystem() {
        unavailable = Integer.MAX_VALUE;
        assertThatExceptionOfType(TrainerException.class)
                .isThrownBy(() -> calls().get("/suites/house/prompts.jsonl", "for a suite"))
                .withMessage("the operator could not be asked for a suite: status 503")
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.STORAGE))
                .satisfies(e -> assertThat(e.fault().isRetryable()).isTrue());
    }
}
