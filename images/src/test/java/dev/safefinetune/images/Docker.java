package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The images in a Docker engine, held as tightly as the pods of a cluster: no root, no network, nothing to write to. */
final class Docker {
    private Docker() {}

    static void load(String name) throws IOException {
        Program.run(List.of(
                "docker",
                "load",
                "--quiet",
                "--input",
                Path.of("../build/images", name + ".tar").toString()));
    }

    static String reference(String name) throws IOException {
        return "safe-fine-tune/" + name + ":"
                + java.nio.file.Files.readString(Path.of("../charts/safe-fine-tune-operator/Chart.yaml"))
                        .replaceFirst("(?s).*\\nappVersion: *(\\S+).*", "$1");
    }

    /** A command line up to the image's arguments. */
    static List<String> hardened(String name, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "docker",
                "run",
                "--read-only",
                "--tmpfs=/tmp",
                "--network=none",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges"));
        command.addAll(options);
        command.add(reference(name));
        return command;
    }

    static String run(String name, List<String> options, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("--rm");
        List<String> command = hardened(name, all);
        command.addAll(arguments);
        return Program.run(command);
    }

    /** Starts an image that does not end by itself, and removes it once its log holds a text; returns the log. */
    static String logUntil(String text, String name, List<String> options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.add("--detach");
        String container = Program.run(hardened(name, all)).strip();
        try {
            long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (true) {
                String log = Program.run(List.of("docker", "logs", container));
                if (log.contains(text)) {
                    return log;
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("%s does not say \"%s\" but: %s".formatted(name, text, log));
                }
                Thread.sleep(200);
            }
        } finally {
            Program.run(List.of("docker", "rm", "--force", container));
        }
    }
}
