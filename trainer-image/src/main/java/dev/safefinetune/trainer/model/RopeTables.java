package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;

/**
 * Cosines and sines of the rotary position embedding, {@code [P, D/2]} each.
 *
 * <p>Frequencies and angles are rounded to float32 where transformers rounds them, so that long positions agree with it.
 */
record RopeTables(Tensor cos, Tensor sin) {

    static RopeTables of(Scope scope, Rope rope, int headDim, int positions) {
        float[] frequencies = frequencies(rope, headDim);
        int half = frequencies.length;
        float[] cos = new float[positions * half];
        float[] sin = new float[positions * half];
        for (int p = 0; p < positions; p++) {
            for (int i = 0; i < half; i++) {
                float angle = p * frequencies[i];
                cos[p * half + i] = (float) Math.cos(angle);
                sin[p * half + i] = (float) Math.sin(angle);
            }
        }
        return new RopeTables(scope.of(cos, positions, half), scope.of(sin, positions, half));
    }

    /** Turn per position of each pair, in radians. */
    static float[] frequencies(Rope rope, int headDim) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (float) Math.pow(rope.theta(), (float) (2 * i) / headDim);
            frequencies[i] = switch (rope.scaling()) {
                case Rope.Scaling.None none -> frequencies[i];
                case Rope.Scaling.Linear linear -> (float) (frequencies[i] / linear.factor());
                case Rope.Scaling.Llama3 llama3 -> llama3(frequencies[i], llama3);
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
}
