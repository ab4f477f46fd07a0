package dev.safefinetune.cli.run;

import dev.safefinetune.local.runner.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operator as a child process: the same program and the same settings as in a cluster. It is started again when it dies. */
final class OperatorProcess implements AutoCloseable {
    static final String TRAINER_IMAGE = "safe-fine-tune-trainer";

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** Dying younger than this is a sign that it will go on like that. */
    private static final Duration YOUNG = Duration.ofSeconds(3);

    private static final int MOST_YOUNG_DEATHS = 5;
    private static final int SHOWN_LINES = 15;

    private final Path command;
    private final Path directory;
    private final Path log;
    private final Map<String, String> environment;
    private final Thread watch;
    private ChildProcess process;
    private Instant started = Instant.now();
    private int youngDeaths;
    private long peakBytes;
    private boolean closed;

    private OperatorProcess(Path command, Path directory, Map<String, String> environment) throws IOException {
        this.command = command;
        this.directory = directory;
        this.environment = environment;
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
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("SAFE_FINE_TUNE_TRAINER_IMAGE", TRAINER_IMAGE + ":local");
        environment.put("SAFE_FINE_TUNE_PROGRESS_URL", "http://127.0.0.1:" + port);
        environment.put("SAFE_FINE_TUNE_PROGRESS_INTERVAL_SECONDS", "1");
        // All manifests are applied before it starts: what is missing then stays missing.
        environment.put("SAFE_FINE_TUNE_PATIENCE", "5s");
        return new OperatorProcess(command, directory, environment);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ChildProcess launch() throws IOException {
        started = Instant.now();
        return ChildProcess.start(List.of(command.toString()), directory, environment, log);
    }

    private void watchOver() {
        try {
            while (!isClosed()) {
                boolean ended = current().waitFor(LOOK);
                synchronized (this) {
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
        boolean young = Duration.between(started, Instant.now()).compareTo(YOUNG) < 0;
        youngDeaths = young ? youngDeaths + 1 : 0;
        if (closed || youngDeaths >= MOST_YOUNG_DEATHS) {
            return false;
        }
        process.kill();
        process = launch();
        return true;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized ChildProcess current() {
        return process;
    }

    /** False once it has died too often to be started again. */
    synchronized boolean isRunning() {
        return youngDeaths < MOST_YOUNG_DEATHS;
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
