package dev.safefinetune.local.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell that guards a process is silent: a log holds what the process wrote and nothing else. */
@Timeout(120)
class ChildProcessTest {
    private static final int PROCESSES = 200;
    private static final int AT_ONCE = 16;
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));

    @TempDir
    Path logs;

    /** Many at once on few processors: processes end before the shell that started them has its next turn. */
    @Test
    void underLoadALogHoldsOnlyWhatTheProcessWrote() throws Exception {
        List<Callable<String>> runs = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            Path log = logs.resolve(i + ".log");
            runs.add(() -> logOf("echo said; echo complained >&2; exit 7", ENVIRONMENT, log, 7));
        }
        List<String> written = new ArrayList<>();
        try (ExecutorService atOnce = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<String> each : atOnce.invokeAll(runs)) {
                written.add(each.get());
            }
        }
        assertThat(written).hasSize(PROCESSES);
        assertThat(written).filteredOn(log -> !log.equals("said\ncomplained\n")).isEmpty();
    }

    /** The same without chance: each command of the shell waits until the process is long gone. */
    @Test
    void aShellThatComesLateSaysNothingOfAnEndedProcess() throws Exception {
        Path slow = Files.writeString(logs.resolve("slow"), "trap '/bin/sleep 0.2' DEBUG\n");
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("BASH_ENV", slow.toString());
        assertThat(logOf("kill -s TERM $$", environment, logs.resolve("late.log"), 143))
                .isEmpty();
    }

    @Test
    void aCommandThatDoesNotExistIsNamedInTheLog() throws Exception {
        Path log = logs.resolve("missing.log");
        try (ChildProcess process = ChildProcess.start(List.of("/no/such/command"), logs, ENVIRONMENT, log)) {
            assertThat(process.waitFor()).isEqualTo(127);
        }
        assertThat(log).content().contains("/no/such/command: No such file or directory");
    }

    private String logOf(String script, Map<String, String> environment, Path log, int code) throws Exception {
        try (ChildProcess process = ChildProcess.start(List.of("/bin/sh", "-c", script), logs, environment, log)) {
            assertThat(process.waitFor()).isEqualTo(code);
        }
        return Files.readString(log);
    }
}
