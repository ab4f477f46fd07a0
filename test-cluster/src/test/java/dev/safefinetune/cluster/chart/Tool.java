package dev.safefinetune.cluster.chart;

import dev.safefinetune.cluster.Binaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A command line tool built by {@code build-tools}.
 *
 * @param program the tool
 * @param home where it keeps its files, so that neither settings nor caches of this machine matter
 * @param environment besides that
 */
public record Tool(Path program, Path home, Map<String, String> environment) {

    /** What a command printed and how it ended. */
    public record Said(int status, String out, String err) {
        public boolean isFine() {
            return status == 0;
        }
    }

    /** A tool that reaches no cluster. */
    public static Tool named(String name, Path home) {
        try {
            return new Tool(Binaries.program(name), home, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Tool on(Path kubeconfig) {
        return new Tool(program, home, Map.of("KUBECONFIG", kubeconfig.toString()));
    }

    /**
     * Runs it.
     *
     * @return what it printed to its standard output
     * @throws AssertionError where it fails, with what it said
     */
    public String run(String... arguments) {
        Said said = attempt(arguments);
        if (!said.isFine()) {
            throw new AssertionError("%s %s ended with %d: %s%s"
                    .formatted(program.getFileName(), String.join(" ", arguments), said.status, said.out, said.err));
        }
        return said.out;
    }

    public Said attempt(String... arguments) {
        try {
            Path err = Files.createTempFile(home, "stderr", "");
            ProcessBuilder builder = new ProcessBuilder(
                            Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                                    .toList())
                    .redirectError(err.toFile());
            Map<String, String> own = builder.environment();
            List.of("KUBECACHEDIR", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")
                    .forEach(name -> own.put(name, home.toString()));
            own.remove("KUBECONFIG");
            own.putAll(environment);
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), out, Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + program, e);
        }
    }
}
