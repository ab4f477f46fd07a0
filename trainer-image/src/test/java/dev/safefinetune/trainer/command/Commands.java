package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;

/** Runs commands as a user does. */
public final class Commands {
    private Commands() {}

    /** Runs a command that has to succeed. */
    public static void succeed(Object... words) {
        StringWriter err = new StringWriter();
        CommandLine line = TrainerCommand.commandLine();
        line.setErr(new PrintWriter(err));
        line.setOut(new PrintWriter(err));
        assertThat(line.execute(Arrays.stream(words).map(String::valueOf).toArray(String[]::new)))
                .as(err.toString())
                .isZero();
    }

    /** The same; what its log said. */
    public static String said(Object... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            succeed(words);
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
