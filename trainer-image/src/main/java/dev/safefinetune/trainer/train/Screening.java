package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.Batch;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The figure that gate and screening share, measured once before training. */
public final class Screening {
    private Screening() {}

    /**
     * Two forward passes over all samples, with the vector off and on. The vector is off afterwards.
     *
     * @param vector not attached
     * @return one drop a sample, in the order given
     */
    public static List<SampleDrop> drops(
            CausalModel model, Adapter vector, List<EncodedSample> samples, int microBatchTokens) {
        return each(model, vector, samples, microBatchTokens, TokenLosses::sample);
    }

    /**
     * What a reading makes of each sample's tokens, of which one micro-batch is held at a time: those of a large dataset would
     * fill the heap.
     */
    public static <T> List<T> each(
            CausalModel model,
            Adapter vector,
            List<EncodedSample> samples,
            int microBatchTokens,
            Function<TokenLosses, T> reading) {
        return each(model, List.of(vector), samples, microBatchTokens, losses -> reading.apply(losses.getFirst()));
    }

    /**
     * The same of several vectors, each alone: one pass with none and one with each.
     *
     * @param vectors not attached; the reading is given what each says, in their order
     */
    static <T> List<T> each(
            CausalModel model,
            List<Adapter> vectors,
            List<EncodedSample> samples,
            int microBatchTokens,
            Function<List<TokenLosses>, T> reading) {
        SortedMap<Integer, T> found = new TreeMap<>();
        for (int[] group : Batch.split(samples, microBatchTokens)) {
            List<EncodedSample> part =
                    Arrays.stream(group).mapToObj(samples::get).toList();
            List<float[]> off = model.scoreTokens(part, microBatchTokens);
            List<List<float[]>> on = vectors.stream()
                    .map(vector -> on(model, vector, part, microBatchTokens))
                    .toList();
            for (int i = 0; i < group.length; i++) {
                EncodedSample sample = part.get(i);
                int[] starts = starts(sample);
                List<TokenLosses> losses = new ArrayList<>();
                for (List<float[]> each : on) {
                    losses.add(new TokenLosses(sample.index(), off.get(i), each.get(i), starts));
                }
                found.put(group[i], reading.apply(losses));
            }
        }
        return List.copyOf(found.values());
    }

    private static List<float[]> on(
            CausalModel model, Adapter vector, List<EncodedSample> samples, int microBatchTokens) {
        model.attach(vector);
        try {
            return model.scoreTokens(samples, microBatchTokens);
        } finally {
            model.detach(vector);
        }
    }

    private static int[] starts(EncodedSample sample) {
        boolean[] answer = sample.answer();
        IntStream.Builder starts = IntStream.builder();
        int token = 0;
        for (int i = 1; i < answer.length; i++) {
            if (answer[i] && !answer[i - 1]) {
                starts.add(token);
            }
            token += answer[i] ? 1 : 0;
        }
        return starts.build().toArray();
    }
}
