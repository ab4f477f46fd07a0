package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Path;
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
}
