package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.ContinuationScore;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A checkpoint with its own tokenizer, run by the engine. Nothing is attached to it: it is judged as it is published. */
public final class ModelSubject implements Subject {
    private static final int MICRO_BATCH_TOKENS = 4096;

    private final CausalModel model;
    private final ChatTokenizer tokenizer;

    private ModelSubject(CausalModel model, ChatTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /** Opens a model directory. */
    public static ModelSubject open(Path directory) {
        ChatTokenizer tokenizer = ChatTokenizer.open(directory);
        try {
            return new ModelSubject(CausalModel.load(directory), tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public List<String> answer(List<List<Message>> prompts, int maxNewTokens) {
        List<int[]> encoded = prompts.stream().map(tokenizer::prompt).toList();
        return model.generate(encoded, maxNewTokens, tokenizer.endTokens()).stream()
                .map(tokenizer::text)
                .toList();
    }

    @Override
    public List<Double> likelihoods(List<Message> prompt, String forced, List<String> continuations) {
        int[] asked = join(tokenizer.prompt(prompt), forced.isEmpty() ? new int[0] : tokenizer.tokens(forced));
        String separator = forced.isEmpty() ? "" : " ";
        List<int[]> texts =
                continuations.stream().map(c -> tokenizer.tokens(separator + c)).toList();
        return model.scoreContinuations(asked, texts).stream()
                .map(ContinuationScore::mean)
                .toList();
    }

    private static int[] join(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    @Override
    public double[] losses(List<Sample> samples) {
        int limit = model.config().maxPositions();
        List<EncodedSample> encoded =
                samples.stream().map(s -> tokenizer.encode(s, limit)).toList();
        return model.score(encoded, MICRO_BATCH_TOKENS).stream()
                .mapToDouble(SampleScore::loss)
                .toArray();
    }

    @Override
    public int length(String text) {
        return tokenizer.tokens(text).length;
    }

    @Override
    public boolean canSay(String text) {
        return tokenizer
                .text(tokenizer.tokens(text))
                .replaceAll("\\s+", " ")
                .strip()
                .equals(text.replaceAll("\\s+", " ").strip());
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
