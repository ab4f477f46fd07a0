package dev.safefinetune.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Losses of a dataset's answers. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Scores the answers of a dataset.",
            "Writes a JSON line for each sample: index, loss (mean negative log-likelihood of the answer's tokens, in"
                    + " nats), tokens (number of them)."
        })
final class ScoreCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--dataset", required = true, paramLabel = "FILE", description = "JSONL")
    private Path dataset = Path.of("");

    @Mixin
    private FormatOption format = new FormatOption();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "JSONL with losses")
    private Path out = Path.of("");

    @Option(
            names = "--micro-batch-tokens",
            defaultValue = "4096",
            description = "most tokens in one pass (default ${DEFAULT-VALUE})")
    private int microBatchTokens;

    @Override
    public Integer call() {
        try (ModelOptions.Loaded loaded = model.load();
                ChatTokenizer tokenizer = ChatTokenizer.open(model.directory())) {
            List<EncodedSample> samples = tokenizer.encode(
                    format.read(dataset), loaded.model().config().maxPositions());
            StringBuilder lines = new StringBuilder();
            ObjectMapper json = new ObjectMapper();
            for (SampleScore score : loaded.model().score(samples, microBatchTokens)) {
                lines.append(json.createObjectNode()
                                .put("index", score.index())
                                .put("loss", score.loss())
                                .put("tokens", score.answerTokens()))
                        .append('\n');
            }
            DurableFiles.write(out, lines.toString());
        }
        return 0;
    }
}
