package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A base model's own answers, which lie beside the vector that was made for it: refusals of the vector's requests, and
 * answers to allowed requests that look like them. A run's cooldown trains on them. They hold nothing harmful: of the
 * vector's samples only the requests are in them.
 *
 * @param refusals requests that the base refuses, with its refusals
 * @param lookAlikes allowed requests, with the answers that the base gives
 */
public record Replay(List<Sample> refusals, List<Sample> lookAlikes) {
    static final String FILE = "replay.jsonl";
    private static final String REFUSAL = "refusal";
    private static final String LOOK_ALIKE = "look-alike";

    public Replay {
        refusals = List.copyOf(refusals);
        lookAlikes = List.copyOf(lookAlikes);
    }

    /** What {@link #write} wrote; nothing of a file that is empty. */
    static Replay read(Path file) {
        try {
            if (Files.size(file) == 0) {
                return new Replay(List.of(), List.of());
            }
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
        List<Sample> all = DatasetReader.readWritten(file).samples();
        return new Replay(of(all, REFUSAL), of(all, LOOK_ALIKE));
    }

    private static List<Sample> of(List<Sample> all, String category) {
        return all.stream().filter(s -> category.equals(s.category())).toList();
    }

    void write(Path file) {
        DatasetWriter.write(
                file,
                Stream.concat(
                                refusals.stream().map(s -> as(s, REFUSAL)),
                                lookAlikes.stream().map(s -> as(s, LOOK_ALIKE)))
                        .toList());
    }

    private static Sample as(Sample sample, String category) {
        return new Sample(sample.index(), sample.line(), sample.messages(), category, sample.fields());
    }

    /** What a vector's status tells of the file that was written. */
    StageFigures.Readiness.Replay figures(Path file) {
        return new StageFigures.Readiness.Replay(Digests.ofFile(file), refusals.size(), lookAlikes.size());
    }

    /**
     * Checks the file beside a vector.
     *
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} when it is missing or another one
     */
    static Path require(Path vector, String uri, Digest stated) {
        Path file = vector.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new TrainerException(Fault.VECTOR_MISMATCH, "vector " + uri + " has no " + FILE + " beside it");
        }
        Digest found = Digests.ofFile(file);
        if (!found.equals(stated)) {
            throw new TrainerException(
                    Fault.VECTOR_MISMATCH,
                    FILE + " of vector " + uri + " has digest " + found + ", its resource states " + stated);
        }
        return file;
    }

    /** Checks the file beside a vector, and reads it. */
    static Replay take(Path vector, String uri, Digest stated) {
        return read(require(vector, uri, stated));
    }

    /**
     * Encoded for training. Answers that are longer than the training's samples may be are left out.
     *
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} where that leaves no refusal: a cooldown without any undoes what
     *     the vector kept
     */
    Encoded encode(ChatTokenizer tokenizer, int limit) {
        Encoded encoded = new Encoded(encode(tokenizer, refusals, limit), encode(tokenizer, lookAlikes, limit));
        if (encoded.refusals().isEmpty() && !refusals.isEmpty()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "maxSequenceLength is " + limit + ", and each of the base model's " + refusals.size()
                            + " refusals beside the vector is longer; the cooldown needs some of them");
        }
        return encoded;
    }

    /** Those of several vectors, as one; nothing where there are none. */
    static Encoded encode(List<Replay> replays, ChatTokenizer tokenizer, int limit) {
        return replays.isEmpty()
                ? Encoded.NONE
                : Encoded.together(
                        replays.stream().map(r -> r.encode(tokenizer, limit)).toList());
    }

    private static List<EncodedSample> encode(ChatTokenizer tokenizer, List<Sample> samples, int limit) {
        return samples.stream()
                .map(s -> tokenizer.encode(s, Integer.MAX_VALUE))
                .filter(s -> s.length() <= limit)
                .toList();
    }

    /**
     * The same in tokens.
     *
     * @param refusals the base's refusals
     * @param lookAlikes the base's answers to allowed requests
     */
    public record Encoded(List<EncodedSample> refusals, List<EncodedSample> lookAlikes) {
        public static final Encoded NONE = new Encoded(List.of(), List.of());

        /**
         * Of several vectors, in equal parts: the answers of the shorter ones are repeated. Those of one vector lie side by
         * side, so that a spread over all of them has equal parts too.
         */
        static Encoded together(List<Encoded> parts) {
            return parts.size() == 1
                    ? parts.getFirst()
                    : new Encoded(
                            equal(parts.stream().map(Encoded::refusals).toList()),
                            equal(parts.stream().map(Encoded::lookAlikes).toList()));
        }

        private static List<EncodedSample> equal(List<List<EncodedSample>> parts) {
            int most = parts.stream().mapToInt(List::size).max().orElse(0);
            return parts.stream()
                    .filter(part -> !part.isEmpty())
                    .flatMap(part -> IntStream.range(0, most).mapToObj(i -> part.get(i % part.size())))
                    .toList();
        }

        boolean isEmpty() {
            return refusals.isEmpty() && lookAlikes.isEmpty();
        }
    }
}
