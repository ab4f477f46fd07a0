package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.OperatorSettings;
import dev.safefinetune.operator.TestSettings;
import dev.safefinetune.operator.world.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods may reach the operator by an address instead of a name, and on some clusters all addresses are IPv6. */
class AddressLiteralTest {
    private record ListeningAt(String listenHost) implements OperatorSettings.ProgressSettings {
        private static final OperatorSettings.ProgressSettings REST = new TestSettings().progress();

        @Override
        public Optional<String> url() {
            return REST.url();
        }

        @Override
        public int listenPort() {
            return 0;
        }

        @Override
        public String secretName() {
            return REST.secretName();
        }

        @Override
        public int intervalSeconds() {
            return REST.intervalSeconds();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "[::1], ::1",
        "[::1], [::1]",
        "[0:0:0:0:0:0:0:1], ::",
        "[::1], 0.0.0.0",
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1, ::",
    })
    void isServedWithACertificateOfThatAddressWhichStays(String host, String listen, @TempDir Path state)
            throws Exception {
        Vertx vertx = Vertx.vertx();
        try (World world = World.start(state);
                ProgressService service = new ProgressService(
                        vertx,
                        world.client(),
                        "https://" + host + ":8443",
                        "default",
                        new ListeningAt(listen),
                        null,
                        new SimpleMeterRegistry())) {
            service.start();
            String first = secret(world);
            service.look();
            HttpResponse<String> answer = Https.client(service.authorities().orElseThrow())
                    .send(
                            HttpRequest.newBuilder(URI.create("https://" + host + ":" + service.port() + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(secret(world))
                    .as("no certificate is made anew at each look")
                    .isEqualTo(first);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static String secret(World world) {
        return world.client()
                .secrets()
                .inNamespace("default")
                .withName(new TestSettings().progress().secretName())
                .require()
                .getMetadata()
                .getResourceVersion();
    }
}
