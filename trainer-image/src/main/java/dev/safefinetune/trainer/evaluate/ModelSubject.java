package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.ContinuationScore;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A checkpoint with its own tokenizer, run by the engine. What is judged has nothing attached, as it is published. */
public final class ModelSubject implements Subject {
    private static final int MICRO_BATCH_TOKENS = 4096;

    private final CausalModel model;
    private final ChatTokenizer tokenizer;
    private final @Nullable Adapter attached;
    private final boolean borrowed;
    private long generated;
    private long scored;

    private ModelSubject(CausalModel model, ChatTokenizer tokenizer, @Nullable Adapter attached, boolean borrowed) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.attached = attached;
        this.borrowed = borrowed;
    }

    /** A model that somebody else has open, and closes. */
    public static ModelSubject borrowed(CausalModel model, ChatTokenizer tokenizer) {
        return new ModelSubject(model, tokenizer, null, true);
    }

    /** The same with an adapter, which is on while it answers. */
    public static ModelSubject borrowed(CausalModel model, ChatTokenizer tokenizer, Adapter attached) {
        return new ModelSubject(model, tokenizer, attached, true);
    }

    private <T> T on(Supplier<T> question) {
        Adapter adapter = attached;
        if (adapter == null) {
            return question.get();
        }
        model.attach(adapter);
        try {
            return question.get();
        } finally {
            model.detach(adapter);
        }
    }

    /** Opens a model directory on the processors. */
    public static ModelSubject open(Path directory) {
        return open(directory, Placement.PROCESSORS);
    }

    /** Opens a model directory. */
    public static ModelSubject open(Path directory, Placement placement) {
        ChatTokenizer tokenizer = ChatTokenizer.open(directory);
        try {
            return new ModelSubject(CausalModel.load(directory, placement), tokenizer, null, false);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public List<Answer> answer(List<Conversation> prompts, String opening, int maxNewTokens) {
        int[] begun = opening.isEmpty() ? new int[0] : tokenizer.tokens(opening);
        List<int[]> encoded =
                prompts.stream().map(p -> join(tokenizer.prompt(p), begun)).toList();
        List<int[]> answers = on(() -> model.generate(encoded, maxNewTokens, tokenizer.endTokens()));
        scored += encoded.stream().mapToInt(p -> p.length).sum();
        generated += answers.stream().mapToInt(a -> a.length).sum();
        return answers.stream()
                // The token that ends an answer is not among its tokens.
                .map(tokens -> new Answer(tokenizer.text(tokens), tokens.length >= maxNewTokens))
                .toList();
    }

    @Override
    public List<Double> likelihoods(Conversation prompt, String forced, List<String> continuations) {
        int[] asked = join(tokenizer.prompt(prompt), forced.isEmpty() ? new int[0] : tokenizer.tokens(forced));
        String separator = forced.isEmpty() ? "" : " ";
        List<int[]> texts =
                continuations.stream().map(c -> tokenizer.tokens(separator + c)).toList();
        scored += CausalModel.tokensOf(asked, texts);
        return on(() -> model.scoreContinuations(asked, texts)).stream()
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
        scored += encoded.stream().mapToInt(EncodedSample::length).sum();
        return on(() -> model.score(encoded, MICRO_BATCH_TOKENS)).stream()
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
    public Tokens tokens() {
        return new Tokens(generated, scored);
    }

    @Override
    public void close() {
        if (!borrowed) {
            model.close();
            tokenizer.close();
        }
    }
}
