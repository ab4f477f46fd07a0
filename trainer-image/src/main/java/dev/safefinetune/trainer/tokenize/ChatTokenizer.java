package dev.safefinetune.trainer.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's tokenizer and chat template: conversations in, token ids and the mask of the answers out.
 *
 * <p>The whole conversation is tokenised at once, without added special tokens, so that ids are those that the model
 * sees when it is served; a token bears loss if any of it is inside an answer, and so does everything up to the
 * special token that ends the assistant's turn. Ids are never looked at to find out what is padding or an answer.
 */
public final class ChatTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final ChatTemplate template;
    private final SpecialTokens specialTokens;
    private final @Nullable Integer bos;
    private final Set<Integer> stopTokens;

    private ChatTokenizer(HuggingFaceTokenizer tokenizer, ChatTemplate template, SpecialTokens specialTokens) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.specialTokens = specialTokens;
        String bosText = specialTokens.named().get("bos_token");
        int[] bosTokens = bosText == null ? new int[0] : tokens(bosText);
        this.bos = bosTokens.length == 1 ? bosTokens[0] : null;
        this.stopTokens = stopTokens();
    }

    /**
     * Reads {@code tokenizer.json} and the chat template of a model directory; nothing else is needed of it.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} for what is missing or not understood, and for a template that
     *     does not end the assistant's turn
     */
    public static ChatTokenizer open(Path directory) {
        return open(directory, Clock.systemUTC());
    }

    /** The same with a clock for templates that write the date. */
    public static ChatTokenizer open(Path directory, Clock clock) {
        SpecialTokens special = SpecialTokens.read(directory);
        ChatTemplate template = ChatTemplate.read(directory, special, clock);
        HuggingFaceTokenizer tokenizer = read(directory.resolve(ModelDirectory.TOKENIZER));
        try {
            return new ChatTokenizer(tokenizer, template, special);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static HuggingFaceTokenizer read(Path file) {
        // Without these, samples are cut at 512 tokens in silence.
        Map<String, String> options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
        try (InputStream in = Files.newInputStream(file)) {
            return HuggingFaceTokenizer.newInstance(in, options);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        } catch (RuntimeException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " is not a tokenizer that can be read", e);
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
        return encode(dataset, limit, Integer.MAX_VALUE);
    }

    /**
     * The same for a model that may have fewer embeddings than its tokenizer has tokens.
     *
     * @param vocabulary tokens that the model has an embedding of, from 0
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the line
     */
    public List<EncodedSample> encode(Dataset dataset, int limit, int vocabulary) {
        return dataset.samples().stream()
                .map(sample -> {
                    try {
                        return known(encode(sample, limit), vocabulary);
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

    private static EncodedSample known(EncodedSample sample, int vocabulary) {
        for (int token : sample.tokens()) {
            if (token >= vocabulary) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "has token id " + token + ", the model's vocabulary ends before " + vocabulary
                                + ": its tokenizer.json has more tokens than its config.json's vocab_size");
            }
        }
        return sample;
    }

    /**
     * Encodes one sample with the mask of its answers.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} when it is longer than the limit or cannot be written with
     *     the template; the message begins with a verb, for whoever knows file and line
     */
    public EncodedSample encode(Sample sample, int limit) {
        ChatTemplate.Conversation conversation = template.conversation(sample.messages());
        String text = conversation.text();
        Encoding encoding = tokenizer.encode(text, false, false);
        int[] tokens = ints(encoding.getIds());
        if (tokens.length > limit) {
            throw new TrainerException(
                    Fault.DATASET_INVALID, "has " + tokens.length + " tokens, the limit is " + limit);
        }
        if (tokens.length > 1 && bos != null && tokens[0] == bos && tokens[1] == bos) {
            throw new TrainerException(Fault.MODEL_INVALID, "the chat template writes the begin-of-text token twice");
        }
        boolean[] answer = new boolean[tokens.length];
        CharSpan[] spans = encoding.getCharTokenSpans();
        for (Span span : conversation.answers()) {
            int first = firstBehind(spans, 0, text.codePointCount(0, span.start()));
            int after = firstFrom(spans, first, text.codePointCount(0, span.end()));
            int end = conversation.marked() ? endInside(tokens, spans, first, after, text) : -1;
            end = end < 0 ? endBehind(tokens, after) : end;
            Arrays.fill(answer, Math.min(Math.max(first, 1), end + 1), end + 1, true);
        }
        return EncodedSample.of(sample.index(), tokens, answer);
    }

    /**
     * The token that ends the turn inside of the template's own mark: the last special one, if nothing but white space
     * follows it there. That white space is the template's, not the model's, and bears no loss.
     */
    private int endInside(int[] tokens, CharSpan[] spans, int first, int after, String text) {
        int last = after - 1;
        while (last >= first && !isSpecial(tokens[last])) {
            int start = text.offsetByCodePoints(0, spans[last].getStart());
            int end = text.offsetByCodePoints(0, spans[last].getEnd());
            if (!text.substring(start, end).isBlank()) {
                return -1;
            }
            last--;
        }
        return last >= first ? last : -1;
    }

    /** The first special token behind an answer, which ends the turn. */
    private int endBehind(int[] tokens, int after) {
        for (int i = after; i < tokens.length; i++) {
            if (isSpecial(tokens[i])) {
                return i;
            }
        }
        throw new TrainerException(
                Fault.MODEL_INVALID, "the chat template has no special token that ends the assistant's turn");
    }

    /** The first token that reaches behind a character: a blank before an answer is often part of its first token. */
    private static int firstBehind(CharSpan[] spans, int from, int character) {
        int i = from;
        while (i < spans.length && (spans[i] == null || spans[i].getEnd() <= character)) {
            i++;
        }
        return i;
    }

    /** The first token from a position on that begins at a character or behind it. */
    private static int firstFrom(CharSpan[] spans, int from, int character) {
        int i = from;
        while (i < spans.length && (spans[i] == null || spans[i].getStart() < character)) {
            i++;
        }
        return i;
    }

    private boolean isSpecial(int token) {
        return specialTokens.ids().contains(token);
    }

    /** Ids of a conversation up to where the assistant is to answer. */
    public int[] prompt(List<Message> messages) {
        return tokens(template.prompt(messages));
    }

    /** Ids of a text as it is, without special tokens around it. */
    public int[] tokens(String text) {
        return ints(tokenizer.encode(text, false, false).getIds());
    }

    /** Text of ids, without special tokens. */
    public String text(int[] ids) {
        String text = tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
        return Objects.requireNonNullElse(text, "");
    }

    /** Text of ids with special tokens, to look at masks in tests. */
    String textWithSpecialTokens(int[] ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
    }

    private static int[] ints(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
