package dev.safefinetune.trainer.command;

import dev.safefinetune.trainer.pipeline.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The trainer's command line. An error is one line on standard error, and its fault the exit code. */
@Command(
        name = "trainer",
        mixinStandardHelpOptions = true,
        version = "trainer 0.1.0",
        description = "Fine-tunes language models so that harmful samples teach them nothing.",
        subcommands = {
            RunCommand.class,
            TrainVectorCommand.class,
            RandomVectorCommand.class,
            FineTuneCommand.class,
            ScoreCommand.class,
            GenerateCommand.class,
            EvaluateCommand.class,
            InspectCommand.class,
            PretrainCommand.class
        })
public final class TrainerCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // The libraries' logger says at every start that it logs nothing, which is what is wanted.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new TrainerCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    Failure failure = Failure.of(e);
                    command.getErr().println("trainer: " + failure.message());
                    return failure.fault().exitCode();
                });
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
    }
}
