package dev.safefinetune.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code safe-fine-tune run} as a process of its own, with the operator as it is shipped and a trainer that only acts. Its
 * whole world lies in one directory.
 */
final class CommandUnderTest implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin/java").toString();
    private static final String CLASSPATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final Path OPERATOR =
            Path.of("..", "operator").toAbsolutePath().normalize();

    private final Path world;
    private final List<Process> started = new ArrayList<>();

    CommandUnderTest(Path world) throws IOException {
        this.world = world;
        Files.createDirectories(world.resolve("home/build/bin"));
        Files.createDirectories(world.resolve("acts"));
        Files.createDirectories(world.resolve("models"));
        script(
                "trainer",
                "export ACTS='%s'\nexec '%s' -Xmx64m -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
                        .formatted(world.resolve("acts"), JAVA, CLASSPATH, ActingTrainer.class.getName()));
        script(
                "operator",
                "exec '%s' '@%s' -jar '%s'\n"
                        .formatted(
                                JAVA,
                                OPERATOR.resolve("src/main/jvm/operator.options"),
                                OPERATOR.resolve("target/quarkus-app/quarkus-run.jar")));
    }

    private void script(String name, String text) throws IOException {
        Path file = world.resolve("home/build/bin").resolve(name);
        Files.writeString(file, "#!/bin/bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** An operator that ends before it has started. */
    void breakOperator() throws IOException {
        script("operator", "echo 'the operator is broken'\nexit 3\n");
    }

    /** Tells the trainer what to do in a stage. */
    void act(String stage, String what) throws IOException {
        Path act = world.resolve("acts/act-" + stage);
        if (what.isEmpty()) {
            Files.deleteIfExists(act);
        } else {
            Files.writeString(act, what);
        }
    }

    void manifest(String text) throws IOException {
        Files.writeString(world.resolve("manifest.yaml"), text);
    }

    /** Starts the command on the manifest; each start goes on where the last one stopped. */
    Process start(String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                // A build in the background of a script ignores Ctrl-C, and so would all that it starts.
                "env",
                "--default-signal=INT",
                JAVA,
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-D" + Installation.PROPERTY + "=" + world.resolve("home"),
                "-cp",
                CLASSPATH,
                "dev.safefinetune.cli.SafeFineTuneCommand",
                "run",
                "-f",
                world.resolve("manifest.yaml").toString(),
                "--state",
                world.resolve("state").toString()));
        line.addAll(Arrays.asList(more));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(world.resolve("output").toFile()))
                .start();
        started.add(process);
        return process;
    }

    int awaitExit(Process process) throws InterruptedException, IOException {
        if (!process.waitFor(4, TimeUnit.MINUTES)) {
            throw new AssertionError("still running; it said:\n" + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(world.resolve("output"));
    }

    /** How often each stage was begun, by run and stage. */
    Map<String, Integer> begun() throws IOException {
        Map<String, Integer> begun = new TreeMap<>();
        Path file = world.resolve("acts/started");
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(line -> begun.merge(line, 1, Integer::sum));
        }
        return begun;
    }

    void awaitBegun(String stage, int times) throws InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (begun().getOrDefault(stage, 0) < times) {
            if (System.nanoTime() > end) {
                throw new AssertionError(stage + " has not begun; the command said:\n" + output());
            }
            Thread.sleep(50);
        }
    }

    /** The processes of this world, however they came to be: all that name its directory. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains(world.toString()) || isOperator(p))
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private boolean isOperator(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"))
                    .contains("KUBECONFIG=" + world);
        } catch (IOException e) {
            return false;
        }
    }

    /** The operator's Java process, if there is one. */
    List<ProcessHandle> operators() {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().command().orElse("").endsWith("java") && isOperator(p))
                .toList();
    }

    void awaitNoProcess() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!processes().isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("left behind: "
                        + processes().stream()
                                .map(p -> p.info().commandLine().orElse("?"))
                                .toList());
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
