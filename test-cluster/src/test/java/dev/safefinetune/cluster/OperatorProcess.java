package dev.safefinetune.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operator as it is shipped, as a child process. */
public final class OperatorProcess implements AutoCloseable {
    private static final Path PROGRAM = Path.of("../operator/target/quarkus-app/quarkus-run.jar");

    private final Process process;
    private final Path log;

    private OperatorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static OperatorProcess start(Path kubeconfig, Path directory) throws IOException {
        return start(kubeconfig, directory, Map.of());
    }

    /** With the environment of its Deployment. */
    public static OperatorProcess start(Path kubeconfig, Path directory, Map<String, String> environment)
            throws IOException {
        if (!Files.isRegularFile(PROGRAM)) {
            throw new IllegalStateException("the operator is missing in " + PROGRAM + ": run make build");
        }
        Path log = directory.resolve("operator.log");
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"), "-jar", PROGRAM.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(free.getLocalPort()));
        }
        return new OperatorProcess(builder.start(), log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** As if by kill -9. */
    void kill() throws InterruptedException {
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
