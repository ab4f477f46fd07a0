package dev.safefinetune.cli.run;

import dev.safefinetune.local.runner.ChildProcess;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operator as a child process: the same program and the same settings as in a cluster. It is started again when it dies. */
final class OperatorProcess implements AutoCloseable {
    static final String TRAINER_IMAGE = "safe-fine-tune-trainer";

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** An operator that was ready and died was killed; one that dies before, time after time, will go on like that. */
    private static final int MOST_FAILED_STARTS = 5;

    private static final int SHOWN_LINES = 15;

    private final Path command;
    private final Path directory;
    private final Path log;
    private final Map<String, String> environment;
    private final InetSocketAddress address;
    private final Thread watch;
    private ChildProcess process;
    private boolean ready;
    private int failedStarts;
    private long peakBytes;
    private boolean closed;

    private OperatorProcess(Path command, Path directory, Map<String, String> environment, int port)
            throws IOException {
        this.command = command;
        this.directory = directory;
        this.environment = environment;
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        log = directory.resolve("operator.log");
        process = launch();
        watch = Thread.ofVirtual().name("operator").start(this::watchOver);
    }

    /**
     * Starts the operator.
     *
     * @param directory for its log
     */
    static OperatorProcess start(Path command, Path kubeconfig, Path directory) throws IOException {
        int port = freePort();
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of("PATH", "HOME", "LANG", "JAVA_HOME")) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("KUBECONFIG", kubeconfig.toString());
        String loopback = InetAddress.getLoopbackAddress().getHostAddress();
        environment.put("QUARKUS_HTTP_HOST", loopback);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("SAFE_FINE_TUNE_TRAINER_IMAGE", TRAINER_IMAGE + ":local");
        int progressPort = progressPort(directory);
        environment.put(
                "SAFE_FINE_TUNE_PROGRESS_URL",
                "https://" + (loopback.contains(":") ? "[" + loopback + "]" : loopback) + ":" + progressPort);
        environment.put("SAFE_FINE_TUNE_PROGRESS_LISTEN_HOST", loopback);
        environment.put("SAFE_FINE_TUNE_PROGRESS_LISTEN_PORT", Integer.toString(progressPort));
        environment.put("SAFE_FINE_TUNE_PROGRESS_INTERVAL_SECONDS", "1");
        // All manifests are applied before it starts: what is missing then stays missing.
        environment.put("SAFE_FINE_TUNE_PATIENCE", "5s");
        return new OperatorProcess(command, directory, environment, port);
    }

    private static int freePort() throws IOException {
        return open(0);
    }

    /** The port of an earlier run in the directory, where it is free: a Job that goes on reports there. */
    static int progressPort(Path directory) throws IOException {
        Path file = directory.resolve("progress-port");
        if (Files.isRegularFile(file)) {
            try {
                return open(Integer.parseInt(Files.readString(file).strip()));
            } catch (BindException | IllegalArgumentException e) {
                // Somebody else has it now: such a Job goes on without being seen.
            }
        }
        int port = freePort();
        Files.writeString(file, port + "\n");
        return port;
    }

    private static int open(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ChildProcess launch() throws IOException {
        ready = false;
        return ChildProcess.start(List.of(command.toString()), directory, environment, log);
    }

    private void watchOver() {
        try {
            while (!isClosed()) {
                boolean ended = current().waitFor(LOOK);
                synchronized (this) {
                    ready = ready || listens();
                    process.measure();
                    peakBytes = Math.max(peakBytes, process.peakBytes());
                    if (ended && !startAgain()) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Without the command there is nothing to start again; isRunning() says so.
            System.getLogger(OperatorProcess.class.getName()).log(System.Logger.Level.ERROR, "operator lost", e);
        }
    }

    private synchronized boolean startAgain() throws IOException {
        failedStarts = ready ? 0 : failedStarts + 1;
        if (closed || failedStarts >= MOST_FAILED_STARTS) {
            return false;
        }
        process.kill();
        process = launch();
        return true;
    }

    /** It listens once everything in it has started. */
    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) LOOK.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized ChildProcess current() {
        return process;
    }

    /** False once it has failed to start too often to be started again. */
    synchronized boolean isRunning() {
        return failedStarts < MOST_FAILED_STARTS;
    }

    /** Largest resident set so far, in bytes. */
    synchronized long peakBytes() {
        return peakBytes;
    }

    /** The end of its log. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        ChildProcess last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = process;
        }
        watch.interrupt();
        try {
            last.terminate(GRACE);
        } catch (InterruptedException e) {
            last.kill();
            Thread.currentThread().interrupt();
        }
    }
}
