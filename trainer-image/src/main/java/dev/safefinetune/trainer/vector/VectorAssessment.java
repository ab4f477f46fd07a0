package dev.safefinetune.trainer.vector;

import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.GradientPass;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.Screening;
import dev.safefinetune.trainer.train.TokenLosses;
import dev.safefinetune.trainer.train.Trainable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Measures how far a vector already explains harmful samples that it never saw, and what it does to benign ones. */
public final class VectorAssessment {
    private final CausalModel model;
    private final Adapter vector;
    private final double floor;
    private final int microBatchTokens;
    private final long seed;

    private VectorAssessment(CausalModel model, Adapter vector, double floor, int microBatchTokens, long seed) {
        this.model = model;
        this.vector = vector;
        this.floor = floor;
        this.microBatchTokens = microBatchTokens;
        this.seed = seed;
    }

    /**
     * Measures.
     *
     * @param vector not attached
     * @param heldOut harmful samples by category
     * @param benign samples that the vector was not trained on
     * @param floor {@link VectorTrainer.Trained#floor}
     * @param microBatchTokens most tokens in one pass
     * @param seed of the random vector and of the fresh adapter whose gradient is measured
     */
    public static VectorFigures measure(
            CausalModel model,
            Adapter vector,
            SortedMap<String, List<EncodedSample>> heldOut,
            List<EncodedSample> benign,
            double floor,
            int microBatchTokens,
            long seed) {
        VectorAssessment assessment = new VectorAssessment(model, vector, floor, microBatchTokens, seed);
        SortedMap<String, VectorFigures.Category> categories = new TreeMap<>();
        heldOut.forEach((name, samples) -> categories.put(name, assessment.category(samples)));
        List<EncodedSample> all =
                heldOut.values().stream().flatMap(List::stream).toList();
        List<TokenLosses> kept = Screening.each(model, vector, benign, microBatchTokens, t -> t);
        return new VectorFigures(categories, kept, assessment.randomExplained(all));
    }

    private VectorFigures.Category category(List<EncodedSample> samples) {
        List<TokenLosses> losses = Screening.each(model, vector, samples, microBatchTokens, t -> t);
        List<SampleScore> on = scores(vector, samples);
        List<SampleDrop> drops = losses.stream().map(TokenLosses::sample).toList();
        return new VectorFigures.Category(
                losses,
                explained(mean(drops, SampleDrop::lossOff), mean(drops, SampleDrop::lossOn)),
                on.stream().mapToInt(s -> s.firstTokenHit() ? 1 : 0).average().orElse(0),
                gradientNorm(samples, List.of()),
                gradientNorm(samples, List.of(vector)));
    }

    private double randomExplained(List<EncodedSample> samples) {
        try (Adapter random = Adapter.randomLike(vector, seed)) {
            return explained(
                    mean(model.score(samples, microBatchTokens), SampleScore::loss),
                    mean(scores(random, samples), SampleScore::loss));
        }
    }

    private double explained(double off, double on) {
        return (off - on) / (off - floor);
    }

    private static <T> double mean(List<T> samples, ToDoubleFunction<T> loss) {
        return samples.stream().mapToDouble(loss).average().orElse(Double.NaN);
    }

    private List<SampleScore> scores(Adapter adapter, List<EncodedSample> samples) {
        model.attach(adapter);
        try {
            return model.score(samples, microBatchTokens);
        } finally {
            model.detach(adapter);
        }
    }

    /** Norm of the mean loss's gradient in a fresh user adapter: what a run would learn from these samples at its start. */
    private double gradientNorm(List<EncodedSample> samples, List<Adapter> active) {
        LoraSettings shape = new LoraSettings(8, 8, false, List.of(LoraSettings.ALL_LINEAR));
        try (Scope scope = model.network().kernels().scope();
                Adapter fresh = Adapter.create(model, shape, seed)) {
            Trainable trainable = Trainable.of(model.network(), scope, fresh);
            long labels =
                    samples.stream().mapToLong(EncodedSample::answerTokens).sum();
            new GradientPass(model.network(), trainable, microBatchTokens).likelihood(samples, active, 1.0 / labels);
            return model.network().kernels().norms(List.of(trainable.gradients().flat()))[0];
        }
    }
}
