package dev.safefinetune.cli;

import dev.safefinetune.cli.attest.KeygenCommand;
import dev.safefinetune.cli.attest.VerifyCommand;
import dev.safefinetune.cli.audit.AuditCommand;
import dev.safefinetune.cli.explain.ExplainCommand;
import dev.safefinetune.cli.run.RunCommand;
import dev.safefinetune.cli.validate.ValidateCommand;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Entry point of the command {@code safe-fine-tune}. */
@Command(
        name = "safe-fine-tune",
        description = "Safe fine-tuning: manifests in, measured and published models out.",
        mixinStandardHelpOptions = true,
        version = "safe-fine-tune 0.1.0",
        subcommands = {
            RunCommand.class,
            ValidateCommand.class,
            ExplainCommand.class,
            KeygenCommand.class,
            VerifyCommand.class,
            AuditCommand.class
        })
public final class SafeFineTuneCommand implements Runnable {
    private static final Logger LIBRARIES = Logger.getLogger("io");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Say what to do: run, validate, explain, keygen, verify or audit.");
    }

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        // What libraries think noteworthy is not what a user asked for.
        LIBRARIES.setLevel(Level.SEVERE);
        System.exit(new CommandLine(new SafeFineTuneCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
