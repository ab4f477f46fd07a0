package dev.safefinetune.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorProcessTest {
    @TempDir
    Path directory = Path.of(".");

    @Test
    void listensForProgressWhereJobsOfAnEarlierRunReportIt() throws Exception {
        int port = OperatorProcess.progressPort(directory);

        assertThat(OperatorProcess.progressPort(directory)).isEqualTo(port);
    }

    @Test
    void takesAnotherPortWhereThatOneIsTakenOrNone() throws Exception {
        int port = OperatorProcess.progressPort(directory);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            int other = OperatorProcess.progressPort(directory);
            assertThat(other).isNotEqualTo(taken.getLocalPort());
            assertThat(OperatorProcess.progressPort(directory)).isEqualTo(other);
        }
        Files.writeString(directory.resolve("progress-port"), "none");
        assertThat(OperatorProcess.progressPort(directory)).isPositive();
    }
}
