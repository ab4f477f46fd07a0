package dev.safefinetune.cli.validate;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/**
 * What {@code validate} answers.
 *
 * @param lines that it prints, without the directory of the files
 */
record Said(int exitCode, List<String> lines) {
    /** With such arguments, about files of a directory. */
    static Said by(Path directory, List<String> arguments) {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new ValidateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        return new Said(
                exitCode, out.toString().replace(directory + "/", "").lines().toList());
    }
}
