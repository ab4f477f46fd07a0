package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.pipeline.MemoryPlan;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a fine-tune would take of memory. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Estimates the memory of a fine-tune, without loading the model.",
            "Prints a row for each precision and size of micro-batch, in MiB: weights (with what lies in memory twice because"
                    + " it is stored in another type), what learns with its gradients and moments, activations, and all"
                    + " together with the process. Checkpointing means that layers are run again instead of kept."
        })
final class PlanCommand implements Callable<Integer> {
    private static final String ROW = "%-10s %18s %10s %10s %13s %14s %10s%n";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "a model")
    private Path model = Path.of("");

    @Option(
            names = "--method",
            defaultValue = "lora",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private FineTuning.Method method = FineTuning.Method.LORA;

    @Mixin
    private LoraOptions lora = new LoraOptions();

    @Mixin
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Override
    public Integer call() {
        LoraSettings shape = method == FineTuning.Method.LORA ? lora.toContract() : null;
        Hyperparameters settings = hyperparameters.toContract();
        ModelDirectory.inspect(model);
        ModelConfig config = ModelConfig.read(model);
        MemoryPlan.Stored stored = MemoryPlan.Stored.of(model);
        long longest = Math.min(settings.maxSequenceLength(), config.maxPositions());
        long most = Math.max(longest, Math.min(settings.microBatchTokens(), settings.batchSize() * longest));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: %d parameters in %s, samples of up to %d tokens%n",
                model,
                stored.parameters(),
                stored.types().keySet(),
                longest);
        out.printf(
                Locale.ROOT,
                ROW,
                "precision",
                "micro-batch tokens",
                "weights",
                "learns",
                "activations",
                "checkpointing",
                "total");
        for (Precision precision : Precision.values()) {
            long tokens = most;
            print(out, precision, tokens, MemoryPlan.parts(config, stored, shape, tokens, precision));
            while (tokens > longest) {
                tokens = Math.max(longest, tokens / 2);
                print(out, precision, tokens, MemoryPlan.parts(config, stored, shape, tokens, precision));
            }
        }
        return 0;
    }

    private static void print(PrintWriter out, Precision precision, long tokens, MemoryPlan.Parts parts) {
        out.printf(
                Locale.ROOT,
                ROW,
                precision.name().toLowerCase(Locale.ROOT),
                tokens,
                mib(parts.weights() + parts.pages()),
                mib(parts.trained()),
                mib(parts.activations().total()),
                parts.activations().checkpointing() ? "yes" : "no",
                mib(parts.total()));
    }

    private static long mib(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }
}
