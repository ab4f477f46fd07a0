package dev.safefinetune.trainer.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTemplate.Answer;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Rendering;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model's tokenizer and chat template: conversations in, token ids and the mask of the answers out.
 *
 * <p>The whole conversation is tokenised at once, without added special tokens, so that ids are those that the model
 * sees when it is served; a token bears loss if any of it is inside an answer, and so does everything up to the
 * special token that ends the assistant's turn. Ids are never looked at to find out what is padding or an answer.
 *
 * <p>A plain text gets no template: it is tokenised as transformers does, with what the tokenizer adds, and learned whole.
 */
public final class ChatTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final ChatTemplate template;
    private final SpecialTokens specialTokens;
    private final Embeddings embeddings;
    private final LengthBound longest;
    private final Decoding decoding;
    private final Optional<TextEnds> textEnds;
    private final @Nullable Integer bos;
    private final Set<Integer> stopTokens;

    private ChatTokenizer(
            HuggingFaceTokenizer tokenizer,
            ChatTemplate template,
            SpecialTokens specialTokens,
            Optional<TextEnds> textEnds,
            Embeddings embeddings,
            LengthBound longest,
            Decoding decoding) {
        this.decoding = decoding;
        this.textEnds = textEnds;
        this.embeddings = embeddings;
        this.longest = longest;
        this.tokenizer = tokenizer;
        this.template = template;
        this.specialTokens = specialTokens;
        String bosText = specialTokens.named().get("bos_token");
        int[] bosTokens = bosText == null ? new int[0] : tokens(bosText);
        this.bos = bosTokens.length == 1 ? bosTokens[0] : null;
        this.stopTokens = stopTokens();
    }

    /**
     * Reads {@code tokenizer.json}, what {@code tokenizer_config.json} adds to it, and the chat template of a model directory; nothing else is needed of it. Where it has a
     * {@code config.json}, samples and prompts with a token beyond its {@code vocab_size} are refused.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} for what is missing or not understood, and for a template that
     *     does not end the assistant's turn
     */
    public static ChatTokenizer open(Path directory) {
        return open(directory, Clock.systemUTC());
    }

    /** The same with a clock for templates that write the date. */
    public static ChatTokenizer open(Path directory, Clock clock) {
        ModelDirectory.refusePointers(directory);
        TokenizerFile file = TokenizerFile.read(directory);
        SpecialTokens special = SpecialTokens.read(directory, file);
        ChatTemplate template = ChatTemplate.read(directory, special, clock);
        HuggingFaceTokenizer tokenizer = read(file);
        try {
            return new ChatTokenizer(
                    tokenizer,
                    template,
                    special,
                    TextEnds.read(directory, special.named()),
                    Embeddings.of(directory),
                    LengthBound.of(file.root()),
                    Decoding.of(directory));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static HuggingFaceTokenizer read(TokenizerFile file) {
        // Without these, samples are cut at 512 tokens in silence.
        Map<String, String> options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
        try (InputStream in = file.open()) {
            return HuggingFaceTokenizer.newInstance(in, options);
        } catch (IOException e) {
            throw TrainerException.storage("read", file.path(), e);
        } catch (RuntimeException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file.path() + " is not a tokenizer that can be read", e);
        }
    }

    private Set<Integer> stopTokens() {
        Set<Integer> stops = new HashSet<>(specialTokens.endOfText());
        String eos = specialTokens.named().get("eos_token");
        if (eos != null && tokens(eos).length == 1) {
            stops.add(tokens(eos)[0]);
        }
        EncodedSample probe = encode(
                new Sample(0, 0, List.of(new Message(Role.USER, "a"), new Message(Role.ASSISTANT, "b")), null),
                Integer.MAX_VALUE);
        for (int i = probe.length() - 1; i >= 0; i--) {
            if (probe.answer()[i]) {
                stops.add(probe.tokens()[i]);
                break;
            }
        }
        return Set.copyOf(stops);
    }

    /** Ids at which a generated answer ends. */
    public Set<Integer> endTokens() {
        return stopTokens;
    }

    /**
     * Encodes all samples of a dataset.
     *
     * @param limit most tokens of a sample: the least of the model's context and the longest sequence wished
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the line
     */
    public List<EncodedSample> encode(Dataset dataset, int limit) {
        return each(dataset, sample -> encode(sample, limit));
    }

    /**
     * Ids of all samples' prompts.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the line
     */
    public List<int[]> prompts(Dataset dataset) {
        return each(dataset, sample -> prompt(sample.prompt()));
    }

    /**
     * Lines of samples whose own text holds a special token of the model, such as the end of a turn: it reads it as one. Most
     * often a text was written with a chat template already, and gets a template inside a template. Plain texts get none.
     */
    public List<Integer> linesWithSpecialTokens(Dataset dataset) {
        return dataset.samples().stream()
                .filter(s -> !s.isText() && s.messages().stream().anyMatch(m -> specialTokens.isIn(m.content())))
                .map(Sample::line)
                .toList();
    }

    private static <T> List<T> each(Dataset dataset, Function<Sample, T> encoded) {
        return dataset.samples().stream()
                .map(sample -> {
                    try {
                        return encoded.apply(sample);
                    } catch (TrainerException e) {
                        throw e.fault() == Fault.DATASET_INVALID
                                ? new TrainerException(
                                        e.fault(),
                                        "dataset " + dataset.name() + " line " + sample.line() + " " + e.getMessage(),
                                        e)
                                : e;
                    }
                })
                .toList();
    }

    /**
     * Encodes one sample with the mask of its answers.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} when it is longer than the limit or cannot be written with
     *     the template; the message begins with a verb, for whoever knows file and line
     */
    public EncodedSample encode(Sample sample, int limit) {
        if (sample.isText()) {
            return text(sample, limit);
        }
        Conversation conversation = sample.conversation();
        Rendering rendering = template.whole(conversation);
        String text = rendering.text();
        longest.require(text, limit);
        List<Answer> answers = template.answers(conversation, rendering);
        Encoding encoding = encoding(text, false);
        int[] tokens = embeddings.known(ints(encoding.getIds()));
        LengthBound.requireFit(tokens, limit);
        if (tokens.length > 1 && bos != null && tokens[0] == bos && tokens[1] == bos) {
            throw new TrainerException(Fault.MODEL_INVALID, "the chat template writes the begin-of-text token twice");
        }
        boolean[] answer =
                new AnswerTokens(tokens, encoding.getCharTokenSpans(), specialTokens.ids(), text).mark(answers);
        return EncodedSample.of(sample.index(), tokens, answer);
    }

    /** Every token of a text is learned but the first, which nothing comes before. */
    private EncodedSample text(Sample sample, int limit) {
        longest.require(sample.answer(), limit);
        int[] tokens = embeddings.known(framed(sample.answer()));
        LengthBound.requireFit(tokens, limit);
        if (tokens.length < 2) {
            throw new TrainerException(
                    Fault.DATASET_INVALID, "has a text of one token, which teaches nothing; leave the row out");
        }
        boolean[] learned = new boolean[tokens.length];
        Arrays.fill(learned, 1, tokens.length, true);
        return EncodedSample.of(sample.index(), tokens, learned);
    }

    /**
     * Ids of a text with what the tokenizer puts around it. A text that begins with the begin-of-text token itself, as chat
     * templates write it, gets no other.
     */
    private int[] framed(String text) {
        if (textEnds.isEmpty()) {
            int[] framed = ints(encoding(text, true).getIds());
            boolean twice = framed.length > 1 && bos != null && framed[0] == bos && framed[1] == framed[0];
            return twice ? Arrays.copyOfRange(framed, 1, framed.length) : framed;
        }
        return textEnds.get().around(tokens(text), this::tokens);
    }

    /**
     * Ids of a conversation up to where the assistant is to answer.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} for a token that the model has no embedding of; the message
     *     begins with a verb, for whoever knows file and line
     */
    public int[] prompt(Conversation conversation) {
        return input(template.prompt(conversation));
    }

    /** Ids of a text that the model is to read, refused as those of a {@linkplain #prompt prompt} are. */
    public int[] input(String text) {
        return embeddings.known(tokens(text));
    }

    /** Ids of a text as it is, without special tokens around it; the model need not have an embedding of them. */
    public int[] tokens(String text) {
        return ints(encoding(text, false).getIds());
    }

    private Encoding encoding(String text, boolean framed) {
        try {
            return tokenizer.encode(text, framed, false);
        } catch (RuntimeException e) {
            // Its own message may quote the text.
            throw new TrainerException(
                    Fault.MODEL_INVALID,
                    "the model's tokenizer.json fails on a text; is its unknown token in its vocabulary?",
                    e);
        }
    }

    /** Text of ids, without special tokens. */
    public String text(int[] ids) {
        return text(ids, true);
    }

    /** Text of ids with special tokens, to look at masks in tests. */
    String textWithSpecialTokens(int[] ids) {
        return text(ids, false);
    }

    private String text(int[] ids, boolean withoutSpecial) {
        String text = tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), withoutSpecial);
        return decoding.clean(Objects.requireNonNullElse(text, ""));
    }

    private static int[] ints(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
