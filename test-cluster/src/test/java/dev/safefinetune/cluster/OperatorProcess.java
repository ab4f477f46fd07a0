package dev.safefinetune.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operator as it is shipped, as a child process. */
public final class OperatorProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path OPTIONS = Path.of("../operator/src/main/jvm/operator.options");
    private static final Path PROGRAM = Path.of("../operator/target/quarkus-app/quarkus-run.jar");

    private final Process process;
    private final Path log;
    private final int port;
    private final int progressPort;

    private OperatorProcess(Process process, Path log, int port, int progressPort) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.progressPort = progressPort;
    }

    /** Starts it; its log lies in the directory. */
    public static OperatorProcess start(Path kubeconfig, Path directory) throws IOException {
        return start(kubeconfig, directory, Map.of());
    }

    /** With the environment of its Deployment. */
    public static OperatorProcess start(Path kubeconfig, Path directory, Map<String, String> environment)
            throws IOException {
        if (!Files.isRegularFile(PROGRAM)) {
            throw new IllegalStateException("the operator is missing in " + PROGRAM + ": run make build");
        }
        Path log = Files.createTempFile(directory, "operator-", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "@" + OPTIONS,
                        "-jar",
                        PROGRAM.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("SAFE_FINE_TUNE_PROGRESS_LISTEN_HOST", "127.0.0.1");
        int progressPort = freePort();
        builder.environment().put("SAFE_FINE_TUNE_PROGRESS_LISTEN_PORT", Integer.toString(progressPort));
        int port = freePort();
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        return new OperatorProcess(builder.start(), log, port, progressPort);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Where it takes progress reports, on the loopback interface, if its settings name an address for them. */
    public int progressPort() {
        return progressPort;
    }

    /** What a Prometheus would read. */
    public String metrics() throws IOException {
        URI metrics = URI.create("http://127.0.0.1:" + port + "/q/metrics");
        try (InputStream answer = metrics.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Memory that it holds, in bytes. */
    public long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the operator has ended"));
    }

    /** Waits until it watches. */
    public void awaitWatching() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!log().contains("watching")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the operator does not watch: " + log());
            }
            Thread.sleep(50);
        }
    }

    /** As if by kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
