package dev.safefinetune.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a machine prefers IPv6, the loopback address is {@code ::1}, and a URL has it in brackets. */
class LoopbackTest {
    @TempDir
    Path state;

    /** Asks a server of its own for its health, at the URL that it states. */
    static final class Subject {
        private Subject() {}

        public static void main(String... arguments) throws Exception {
            try (ApiServer server = ApiServer.start(Path.of(arguments[0]), (pod, container) -> Optional.empty())) {
                HttpURLConnection asked = (HttpURLConnection)
                        URI.create(server.url() + "/api/v1/secrets").toURL().openConnection();
                System.out.println(server.url() + " " + asked.getResponseCode());
            }
        }
    }

    @Test
    void theUrlIsThatOfTheAddressThatItListensAt() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Djava.net.preferIPv6Addresses=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Subject.class.getName(),
                        state.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var told = process.inputReader()) {
            assertThat(told.readLine()).matches("http://\\[[0-9a-f:]+]:[0-9]+ 401");
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
