package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Scores samples in micro-batches of similar lengths. */
final class Scorer {
    private final Network network;
    private final List<LowRank> adapters;

    Scorer(Network network, List<LowRank> adapters) {
        this.network = network;
        this.adapters = adapters;
    }

    List<SampleScore> score(List<EncodedSample> samples, int limit) {
        return each(samples, limit, (sample, nll, hit) -> {
            double sum = 0;
            for (float token : nll) {
                sum += token;
            }
            return new SampleScore(sample.index(), sum, nll.length, hit);
        });
    }

    /** Negative log-likelihoods of each sample's answer tokens. */
    List<float[]> tokens(List<EncodedSample> samples, int limit) {
        return each(samples, limit, (sample, nll, hit) -> nll);
    }

    /** What is made of a sample's answer tokens. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(EncodedSample sample, float[] nll, boolean firstTokenHit);
    }

    private <T> List<T> each(List<EncodedSample> samples, int limit, Reading<T> reading) {
        SortedMap<Integer, T> found = new TreeMap<>();
        try (Scope shared = network.kernels().scope()) {
            Factors stack = network.stack(shared, adapters);
            for (int[] group : Batch.split(samples, limit)) {
                List<T> part =
                        each(stack, Arrays.stream(group).mapToObj(samples::get).toList(), reading);
                for (int i = 0; i < group.length; i++) {
                    found.put(group[i], part.get(i));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private <T> List<T> each(Factors stack, List<EncodedSample> samples, Reading<T> reading) {
        try (Scope scope = network.kernels().scope()) {
            Batch batch = network.batch(scope, samples);
            Kernels.Scores result = network.kernels().score(scope, network.pass(stack, batch));
            float[] nll = result.nll().floats();
            long[] top = result.top().longs();
            List<T> read = new ArrayList<>(samples.size());
            int at = 0;
            for (EncodedSample sample : samples) {
                int end = at + sample.answerTokens();
                read.add(reading.of(sample, Arrays.copyOfRange(nll, at, end), top[at] == firstAnswerToken(sample)));
                at = end;
            }
            return read;
        }
    }

    private static int firstAnswerToken(EncodedSample sample) {
        int first = 0;
        while (!sample.answer()[first]) {
            first++;
        }
        return sample.tokens()[first];
    }
}
