package dev.safefinetune.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/** Runs a program to its end; what it printed is the answer, and a failure carries it. */
final class Program {
    private Program() {}

    static String run(List<String> command) throws IOException {
        return run(command, Map.of());
    }

    static String run(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("%s is needed to build the images and is not here".formatted(command.get(0)), e);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException("%s ended with %d:%n%s".formatted(String.join(" ", command), exit, output));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while %s ran".formatted(command.get(0)), e);
        }
        return output;
    }

    /** A tool of this very JDK. */
    static String tool(String name, List<String> arguments) throws IOException {
        StringWriter output = new StringWriter();
        int exit = ToolProvider.findFirst(name)
                .orElseThrow(() -> new IOException("the JDK at %s has no %s".formatted(home(), name)))
                .run(new PrintWriter(output), new PrintWriter(output), arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IOException("%s %s ended with %d:%n%s".formatted(name, arguments, exit, output));
        }
        return output.toString();
    }

    static Path home() {
        return Path.of(System.getProperty("java.home"));
    }
}
