package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.family.Rope;
import dev.safefinetune.trainer.kernel.Architecture.Rotation;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Cosines and sines of the rotary position embedding, {@code [P, width / 2]} each, for each kind of rotation in turn. Where
 * long documents turn otherwise, their rows follow: {@code [2 P, width / 2]}.
 *
 * <p>Frequencies and angles are rounded to float32 where transformers rounds them, so that long positions agree with it.
 *
 * @param tensors cosines and sines of each kind
 * @param positions P
 * @param longFrom documents of more tokens turn by the second half; 0 where there is none
 */
record RopeTables(List<Tensor> tensors, int positions, int longFrom) {

    static RopeTables of(Scope scope, List<Rope> ropes, Rotation rotation, int positions) {
        List<Tensor> tensors = new ArrayList<>();
        for (Rope rope : ropes) {
            List<float[]> halves = new ArrayList<>(List.of(frequencies(rope, rotation.width(), false)));
            if (rotation.longFrom() > 0) {
                halves.add(frequencies(rope, rotation.width(), true));
            }
            int half = rotation.width() / 2;
            float factor = attentionFactor(rope.scaling());
            float[] cos = new float[halves.size() * positions * half];
            float[] sin = new float[cos.length];
            int at = 0;
            for (float[] frequencies : halves) {
                for (int p = 0; p < positions; p++) {
                    for (int i = 0; i < half; i++, at++) {
                        float angle = p * frequencies[i];
                        cos[at] = (float) Math.cos(angle) * factor;
                        sin[at] = (float) Math.sin(angle) * factor;
                    }
                }
            }
            long rows = (long) halves.size() * positions;
            tensors.add(scope.of(cos, rows, half));
            tensors.add(scope.of(sin, rows, half));
        }
        return new RopeTables(tensors, positions, rotation.longFrom());
    }

    /** Row of a document's position. */
    long row(int position, int documentLength) {
        return longFrom > 0 && documentLength > longFrom ? (long) positions + position : position;
    }

    private static float attentionFactor(Rope.Scaling scaling) {
        return switch (scaling) {
            case Rope.Scaling.Yarn yarn -> (float) yarn.attentionFactor();
            case Rope.Scaling.Long longer -> (float) longer.attentionFactor();
            default -> 1;
        };
    }

    /**
     * Turn per position of each pair, in radians.
     *
     * @param width numbers of a head that turn
     * @param isLong of documents that are longer than the original context
     */
    static float[] frequencies(Rope rope, int width, boolean isLong) {
        float[] frequencies = new float[width / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float period = (float) Math.pow(rope.theta(), (float) (2 * i) / width);
            float frequency = 1 / period;
            frequencies[i] = switch (rope.scaling()) {
                case Rope.Scaling.None none -> frequency;
                case Rope.Scaling.Linear linear -> (float) (frequency / linear.factor());
                case Rope.Scaling.Llama3 llama3 -> llama3(frequency, llama3);
                case Rope.Scaling.Yarn yarn -> yarn(period, i, width, rope.theta(), yarn);
                case Rope.Scaling.Long longer -> {
                    List<Double> factors = isLong ? longer.longFactors() : longer.shortFactors();
                    yield 1 / (factors.get(i).floatValue() * period);
                }
            };
        }
        return frequencies;
    }

    private static float llama3(float frequency, Rope.Scaling.Llama3 s) {
        double wavelength = 2 * Math.PI / frequency;
        double longest = s.originalPositions() / s.lowFrequencyFactor();
        double shortest = s.originalPositions() / s.highFrequencyFactor();
        if (wavelength < shortest) {
            return frequency;
        }
        if (wavelength > longest) {
            return (float) (frequency / s.factor());
        }
        double smooth = (s.originalPositions() / wavelength - s.lowFrequencyFactor())
                / (s.highFrequencyFactor() - s.lowFrequencyFactor());
        return (float) ((1 - smooth) * frequency / s.factor() + smooth * frequency);
    }

    private static float yarn(float period, int pair, int width, double theta, Rope.Scaling.Yarn s) {
        double low = pairThatTurns(s.betaFast(), width, theta, s.originalPositions());
        double high = pairThatTurns(s.betaSlow(), width, theta, s.originalPositions());
        if (s.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, width - 1.0);
        if (low == high) {
            high += 0.001;
        }
        float divided = Math.clamp((float) ((pair - low) / (high - low)), 0f, 1f);
        float kept = 1 - divided;
        return 1 / ((float) s.factor() * period) * (1 - kept) + 1 / period * kept;
    }

    /** The pair, counted with fractions, that turns so many times within the original context. */
    private static double pairThatTurns(double times, int width, double theta, int positions) {
        return width * Math.log(positions / (times * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
