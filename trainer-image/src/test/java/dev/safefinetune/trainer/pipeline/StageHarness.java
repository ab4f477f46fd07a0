package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.store.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs stages in a pod's root directory as a pod would, job spec and result as JSON. */
abstract class StageHarness {
    protected Path root = Path.of("");
    protected Clock clock = Clock.systemUTC();
    protected Interruption interruption = new Interruption();
    /** Where stages report, and are signed; none: nowhere. */
    protected JobSpec.@Nullable ProgressTarget operator;

    /** Told of each log line as it is written: somebody who acts while a stage is at work. */
    protected Consumer<String> onlooker = line -> {};

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    /** All that was logged so far. */
    String told() {
        return log.toString(StandardCharsets.UTF_8);
    }

    StageResult done(RunIdentity run, StageTask task) {
        StageResult result = run(run, task);
        assertThat(result.fault()).as(result.message() + "\n" + told()).isNull();
        return result;
    }

    StageResult failed(RunIdentity run, StageTask task, Fault fault) {
        StageResult result = run(run, task);
        assertThat(result.fault()).as(String.valueOf(result.message())).isEqualTo(fault);
        return result;
    }

    StageResult run(RunIdentity run, StageTask task) {
        EventLog events = new EventLog(
                new PrintStream(log, true, StandardCharsets.UTF_8) {
                    @Override
                    public void println(@Nullable Object line) {
                        super.println(line);
                        onlooker.accept(String.valueOf(line));
                    }
                },
                Clock.systemUTC());
        JobSpec spec = new JobSpec(JobSpec.VERSION, run, task, operator);
        // Through JSON, as it comes to a pod.
        JobSpec read = ContractJson.read(ContractJson.write(spec), JobSpec.class);
        StageResult result = new StageRunner(root, events, clock, interruption).run(read);
        return ContractJson.read(ContractJson.write(result), StageResult.class);
    }

    /** A judgement that whatever model passes. */
    static StageTask.Evaluate evaluate(Inputs made, boolean controlArm) {
        EvaluationThresholds anything = new EvaluationThresholds(1, 1, 1, 1.0);
        return new StageTask.Evaluate("scratch", made, anything, controlArm, 7, null, null, null, null);
    }

    static <T> T figures(StageResult result, Class<T> type) {
        return Objects.requireNonNull(type.cast(result.figures()));
    }

    static Digest digestOf(String text) {
        return Digests.ofBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Path> hidden(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(p -> String.valueOf(p.getFileName()).startsWith("."))
                    .toList();
        }
    }
}
