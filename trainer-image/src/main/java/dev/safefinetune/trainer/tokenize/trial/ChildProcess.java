package dev.safefinetune.trainer.tokenize.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The trainer's own program in another process, with a small heap and nothing to say. */
final class ChildProcess {
    private static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            // A crash of native code is written nowhere.
            "-XX:+ErrorFileToStdout",
            "-XX:-CreateCoredumpOnCrash");

    private static final String LAUNCHED = "_JPACKAGE_LAUNCHER";
    private static final String MAIN = "dev.safefinetune.trainer.command.TrainerCommand";

    private ChildProcess() {}

    /**
     * Starts it.
     *
     * @param bytes of memory that it will have; its heap is two fifths of that, and native code has the rest
     */
    static Process start(long bytes, String... arguments) throws IOException {
        List<String> options = new ArrayList<>(OPTIONS);
        options.add("-Xmx" + (bytes * 2 / 5 >> 20) + "m");
        List<String> command = new ArrayList<>();
        String program = ProcessHandle.current().info().command().orElse("");
        boolean launcher = !program.isEmpty() && !Path.of(program).endsWith("java");
        if (launcher) {
            // In the image: its options stand beside it, and there is no java.
            command.add(program);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of(
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    MAIN));
        }
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // By it jpackage's launcher knows the process that it has started: a child of that is one that it has not.
        builder.environment().remove(LAUNCHED);
        if (launcher) {
            builder.environment().put("JAVA_TOOL_OPTIONS", String.join(" ", options));
        }
        return builder.start();
    }
}
