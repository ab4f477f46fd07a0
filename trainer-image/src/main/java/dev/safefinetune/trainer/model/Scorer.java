package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores samples in micro-batches of similar lengths. */
final class Scorer {
    private final Network network;
    private final List<LowRank> adapters;

    Scorer(Network network, List<LowRank> adapters) {
        this.network = network;
        this.adapters = adapters;
    }

    List<SampleScore> score(List<EncodedSample> samples, int limit) {
        SampleScore[] scores = new SampleScore[samples.size()];
        try (Scope shared = new Scope()) {
            Stack stack = network.stack(shared, adapters);
            for (int[] group : Batch.split(samples, limit)) {
                List<EncodedSample> part =
                        Arrays.stream(group).mapToObj(samples::get).toList();
                List<SampleScore> found = score(stack, part);
                for (int i = 0; i < group.length; i++) {
                    scores[group[i]] = found.get(i);
                }
            }
        }
        return List.of(scores);
    }

    private List<SampleScore> score(Stack stack, List<EncodedSample> samples) {
        try (Scope scope = new Scope()) {
            Batch batch = network.batch(scope, samples);
            List<Tensor> result = network.script()
                    .call(
                            scope,
                            "score",
                            network.weights(),
                            stack.a(),
                            stack.b(),
                            batch.tensors(),
                            (long) batch.documents(),
                            (long) batch.longest(),
                            network.chunk());
            float[] nll = result.get(0).floats();
            long[] top = result.get(1).longs();
            List<SampleScore> scores = new ArrayList<>(samples.size());
            int at = 0;
            for (EncodedSample sample : samples) {
                double sum = 0;
                for (int i = 0; i < sample.answerTokens(); i++) {
                    sum += nll[at + i];
                }
                boolean hit = top[at] == firstAnswerToken(sample);
                scores.add(new SampleScore(sample.index(), sum, sample.answerTokens(), hit));
                at += sample.answerTokens();
            }
            return scores;
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
