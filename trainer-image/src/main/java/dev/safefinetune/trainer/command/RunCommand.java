package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.ResultFile;
import dev.safefinetune.trainer.pipeline.StageRunner;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a pod runs. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one stage of a run: what a pod of the operator does.",
            "Paths in the job spec are relative to the working directory. The exit code is 0 when the stage was done,"
                    + " whatever its verdict, and otherwise says why not. Asked to end by SIGTERM it writes a checkpoint"
                    + " and no result, and exits with 143."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOB.json", description = "the job spec")
    private Path job = Path.of("");

    @Option(names = "--result", required = true, paramLabel = "FILE", description = "where the result goes")
    private Path result = Path.of("");

    @Override
    public Integer call() {
        EventLog log = new EventLog(System.out, Clock.systemUTC());
        String text = text();
        JobSpec spec = read(text);
        Checkpointing checkpoint = spec.task().checkpointing();
        if (checkpoint != null) {
            Termination.within(Duration.ofSeconds(checkpoint.withinSeconds()));
        }
        StageResult done = new StageRunner(Path.of(""), log, Clock.systemUTC(), Termination.interruption())
                .run(spec)
                .toldBy(Digest.of(text));
        // The operator takes an exit code that contradicts the result for an attack, so both are of what was written.
        StageResult told = ResultFile.write(result, done);
        Fault fault = told.fault();
        if (fault != null) {
            System.err.println("trainer: " + told.message());
        }
        return fault == null ? 0 : fault.exitCode();
    }

    private String text() {
        try {
            return Files.readString(job);
        } catch (IOException e) {
            throw new TrainerException(Fault.JOB_SPEC_INVALID, "cannot read the job spec " + job, e);
        }
    }

    private static JobSpec read(String text) {
        try {
            return ContractJson.read(text, JobSpec.class);
        } catch (IllegalArgumentException e) {
            throw new TrainerException(Fault.JOB_SPEC_INVALID, "the job spec is invalid: " + e.getMessage(), e);
        }
    }
}
