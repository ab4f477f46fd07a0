package dev.safefinetune.cli.run;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the commands of this build lie.
 *
 * @param home the tree, or what was installed of it
 */
record Installation(Path home) {
    /** Set by the launcher. */
    static final String PROPERTY = "safe-fine-tune.home";

    /** Finds the installation that this process belongs to. */
    static Installation find() {
        String home = System.getProperty(PROPERTY);
        if (home == null) {
            throw new IllegalStateException("start this command by build/bin/safe-fine-tune");
        }
        return new Installation(Path.of(home).toAbsolutePath().normalize());
    }

    Path trainer() {
        return command("trainer");
    }

    Path operator() {
        return command("operator");
    }

    private Path command(String name) {
        Path command = home.resolve("build/bin").resolve(name);
        if (!Files.isExecutable(command)) {
            throw new IllegalStateException(command + " is missing: run `make build`");
        }
        return command;
    }
}
