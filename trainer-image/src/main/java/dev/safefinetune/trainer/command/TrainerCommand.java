package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.pipeline.Failure;
import dev.safefinetune.trainer.pipeline.RunKeys;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The trainer's command line. An error is one line on standard error, and its fault the exit code. */
@Command(
        name = "trainer",
        mixinStandardHelpOptions = true,
        version = RunKeys.TRAINER,
        description = "Fine-tunes language models so that harmful samples teach them nothing.",
        subcommands = {
            RunCommand.class,
            TrainVectorCommand.class,
            RandomVectorCommand.class,
            FineTuneCommand.class,
            ScoreCommand.class,
            ScreenCommand.class,
            GenerateCommand.class,
            EvaluateCommand.class,
            InspectCommand.class,
            PlanCommand.class,
            ExportKernelsCommand.class,
            PretrainCommand.class,
            TryTokenizerCommand.class
        })
public final class TrainerCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // The libraries' logger says at every start that it logs nothing, which is what is wanted.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Termination.prepare();
        int code = Fault.INTERNAL.exitCode();
        try {
            code = commandLine().execute(arguments);
        } catch (LinkageError | OutOfMemoryError | StackOverflowError e) {
            // Of exceptions the command line tells itself.
            Failure failure = Failure.of(e);
            System.err.println("trainer: " + failure.message());
            code = failure.fault().exitCode();
        } finally {
            Termination.exit(code);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new TrainerCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof TrainingInterrupted) {
                        command.getErr().println("trainer: " + e.getMessage());
                        return TrainingInterrupted.EXIT_CODE;
                    }
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
