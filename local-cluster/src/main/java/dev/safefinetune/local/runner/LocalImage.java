package dev.safefinetune.local.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What stands for a container image on this machine.
 *
 * @param commands executables that a container finds on its path, by name
 * @param entrypoint what runs when a container names no command
 * @param environment set in every container
 */
public record LocalImage(Map<String, Path> commands, List<String> entrypoint, Map<String, String> environment) {
    public LocalImage {
        commands = Map.copyOf(commands);
        entrypoint = List.copyOf(entrypoint);
        environment = Map.copyOf(environment);
    }

    /** An image with one executable, which is its entry point as well. */
    public static LocalImage of(String name, Path executable) {
        return new LocalImage(Map.of(name, executable), List.of(name), Map.of());
    }

    /** The command line of a container, with its first word found in this image or, failing that, on the machine. */
    List<String> resolve(List<String> command, List<String> arguments) {
        List<String> line = new ArrayList<>(command.isEmpty() ? entrypoint : command);
        Path found = commands.get(line.getFirst());
        if (found != null) {
            line.set(0, found.toAbsolutePath().toString());
        }
        line.addAll(arguments);
        return line;
    }
}
