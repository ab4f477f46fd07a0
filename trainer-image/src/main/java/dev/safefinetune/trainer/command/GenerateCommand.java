package dev.safefinetune.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Greedy answers. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Answers a dataset's conversations greedily, each up to its last assistant turn.",
            "Writes a JSON line for each sample: index, text, ids."
        })
final class GenerateCommand implements Callable<Integer> {
    private static final int PROMPTS_AT_ONCE = 32;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--dataset", required = true, paramLabel = "FILE", description = "JSONL with messages")
    private Path dataset = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "JSONL with answers")
    private Path out = Path.of("");

    @Option(
            names = "--max-new-tokens",
            defaultValue = "128",
            description = "where an answer is cut (default ${DEFAULT-VALUE})")
    private int maxNewTokens;

    @Override
    public Integer call() {
        try (ModelOptions.Loaded loaded = model.load();
                ChatTokenizer tokenizer = ChatTokenizer.open(model.directory())) {
            Dataset read = DatasetReader.readConversations(dataset);
            List<Sample> samples = read.samples();
            List<int[]> prompts = tokenizer.prompts(read);
            StringBuilder lines = new StringBuilder();
            for (int from = 0; from < samples.size(); from += PROMPTS_AT_ONCE) {
                List<Sample> some = samples.subList(from, Math.min(samples.size(), from + PROMPTS_AT_ONCE));
                List<int[]> answers = loaded.model()
                        .generate(prompts.subList(from, from + some.size()), maxNewTokens, tokenizer.endTokens());
                for (int i = 0; i < some.size(); i++) {
                    lines.append(line(some.get(i), answers.get(i), tokenizer)).append('\n');
                }
            }
            DurableFiles.write(out, lines.toString());
        }
        return 0;
    }

    private static ObjectNode line(Sample sample, int[] answer, ChatTokenizer tokenizer) {
        ObjectNode line = new ObjectMapper().createObjectNode();
        line.put("index", sample.index()).put("text", tokenizer.text(answer));
        Arrays.stream(answer).forEach(line.putArray("ids")::add);
        return line;
    }
}
