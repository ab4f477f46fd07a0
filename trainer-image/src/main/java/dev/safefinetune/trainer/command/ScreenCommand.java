package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.FlaggedRow;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.DatasetScreening;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.pipeline.VectorsByHand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a vector says of a dataset, without training on it. */
@Command(
        name = "screen",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the rows of a dataset that are probably harmful, whole or in part.",
            "Writes a line for each: the line of the file, the first and the last flagged token of the answer, and how much"
                    + " of the answer's loss the vector explains. Never writes what a row says."
        })
final class ScreenCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "the base model")
    private Path model = Path.of("");

    @Option(
            names = "--vector",
            required = true,
            paramLabel = "DIR",
            description =
                    "a security vector made for this base model, as train-vector wrote it; given again, for up to four, of"
                            + " which each flags rows")
    private List<Path> vectors = List.of();

    @Option(names = "--dataset", required = true, paramLabel = "FILE", description = "JSONL")
    private Path dataset = Path.of("");

    @Option(
            names = "--micro-batch-tokens",
            defaultValue = "4096",
            description = "most tokens in one pass (default ${DEFAULT-VALUE})")
    private int microBatchTokens;

    @Mixin
    private FormatOption format = new FormatOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ModelCheck.require(model, Console.log());
        ByHand.Vector taken = VectorsByHand.of(vectors, model, List.of());
        Dataset rows = format.read(dataset);
        List<FlaggedRow> flagged = DatasetScreening.of(model, taken.files(), rows, microBatchTokens);
        PrintWriter out = spec.commandLine().getOut();
        for (FlaggedRow row : flagged) {
            out.println(line(rows.samples().get(row.index()).line(), row));
        }
        long whole = flagged.stream().filter(FlaggedRow::whole).count();
        out.printf(
                Locale.ROOT,
                "%d of %d rows are probably harmful, and %d in part%n",
                whole,
                rows.size(),
                flagged.size() - whole);
        return 0;
    }

    private static String line(int line, FlaggedRow row) {
        String tokens = row.first() == null
                ? "no single token stands out of " + row.answerTokens()
                : "tokens %d to %d of %d".formatted(row.first(), row.last(), row.answerTokens());
        return String.format(
                Locale.ROOT,
                "line %d: %s%s, %s; the loss falls by %.3f nats a token, a share of %.3f",
                line,
                row.vector() == null ? "" : "vector " + row.vector() + ", ",
                row.whole() ? "whole" : "in part",
                tokens,
                row.drop(),
                row.share());
    }
}
