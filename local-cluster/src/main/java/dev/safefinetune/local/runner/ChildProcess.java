package dev.safefinetune.local.runner;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process that does not outlive this one, whatever this one dies of.
 *
 * <p>A small shell stands between: it gives the process a group of its own and reads a pipe that only this JVM holds.
 * Names of signals arrive through it; its end, which comes with the JVM's own, kills the group. The shell itself is
 * silent from before the process begins: with job control it would tell of a process that ends before it looks again.
 */
public final class ChildProcess implements AutoCloseable {
    private static final String GUARDIAN = """
            set -m
            exec 3<&0 4>&1 </dev/null >/dev/null 2>&1
            "$@" 3<&- >&4 2>&4 4>&- &
            child=$!
            exec 4>&-
            ( while read -r signal <&3; do kill -s "$signal" -- "-$child"; done; kill -s KILL -- "-$child" ) &
            reader=$!
            exec 3<&-
            wait "$child"
            code=$?
            kill -s KILL -- "-$child" "-$reader"
            exit "$code"
            """;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern NOW = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final int KILOBYTE = 1024;

    private final Process guardian;
    private long peakBytes;

    private ChildProcess(Process guardian) {
        this.guardian = guardian;
    }

    /**
     * Starts a command with both its outputs appended to a file.
     *
     * @param environment all of it; nothing is inherited
     * @throws IOException when there is no such command or directory
     */
    public static ChildProcess start(List<String> command, Path directory, Map<String, String> environment, Path log)
            throws IOException {
        List<String> guarded = new ArrayList<>(List.of("bash", "-c", GUARDIAN, "guardian"));
        guarded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guarded)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start());
    }

    /** Sends a signal, such as {@code TERM}, to the process and those that it started. */
    public void signal(String name) {
        try {
            OutputStream pipe = guardian.getOutputStream();
            pipe.write((name + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException e) {
            // It has ended by itself.
        }
    }

    /** Ends the process and those that it started at once. */
    public void kill() {
        try {
            guardian.getOutputStream().close();
        } catch (IOException e) {
            // It has ended by itself.
        }
    }

    /** Asks the process to end, and ends it when it has not after a while. */
    public void terminate(Duration grace) throws InterruptedException {
        signal("TERM");
        if (!guardian.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    public boolean isAlive() {
        return guardian.isAlive();
    }

    /** Waits for the end; a process that a signal ended gives 128 and the signal's number. */
    public int waitFor() throws InterruptedException {
        int code = guardian.waitFor();
        kill();
        return code;
    }

    /** Waits for the end for a while. */
    public boolean waitFor(Duration time) throws InterruptedException {
        return guardian.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Resident memory of the process and those that it started, in bytes; 0 where {@code /proc} does not tell. */
    public long measure() {
        long now = 0;
        for (ProcessHandle each : guardian.descendants().toList()) {
            Path status = Path.of("/proc", Long.toString(each.pid()), "status");
            now += figure(status, NOW);
            peakBytes = Math.max(peakBytes, figure(status, PEAK));
        }
        return now;
    }

    /** Largest resident set of any one process so far, as of the last {@link #measure()}. */
    public long peakBytes() {
        return peakBytes;
    }

    static long peakOf(Path status) {
        return figure(status, PEAK);
    }

    private static long figure(Path status, Pattern pattern) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.map(pattern::matcher)
                    .filter(Matcher::matches)
                    .mapToLong(m -> Long.parseLong(m.group(1)) * KILOBYTE)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        kill();
    }
}
