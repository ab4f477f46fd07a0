package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.model.Batch;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hidden states at the last token of some requests: the residual stream after the last layer, before the final norm.
 *
 * @param states {@code [C]} of each request
 */
public record AnchorStates(List<float[]> states) {
    public AnchorStates {
        states = List.copyOf(states);
    }

    /**
     * Measures the states of a model, with an adapter or without.
     *
     * @param requests each with one label, the token after the request
     * @param microBatchTokens most tokens in one forward pass
     */
    public static AnchorStates of(
            CausalModel model, @Nullable Adapter adapter, List<EncodedSample> requests, int microBatchTokens) {
        Network network = model.network();
        float[][] states = new float[requests.size()][];
        try (Scope shared = network.kernels().scope()) {
            Factors stack = network.stack(shared, adapter == null ? List.of() : List.of(adapter));
            for (int[] group : Batch.split(requests, microBatchTokens)) {
                List<EncodedSample> part =
                        Arrays.stream(group).mapToObj(requests::get).toList();
                try (Scope scope = network.kernels().scope()) {
                    float[] found = network.kernels()
                            .states(scope, network.pass(stack, network.batch(scope, part)))
                            .floats();
                    int width = found.length / group.length;
                    for (int i = 0; i < group.length; i++) {
                        states[group[i]] = Arrays.copyOfRange(found, i * width, (i + 1) * width);
                    }
                }
            }
        }
        return new AnchorStates(List.of(states));
    }

    /** Those of a group, {@code [M, C]}. */
    static Tensor tensor(Scope owner, List<float[]> states, int[] group) {
        int width = states.getFirst().length;
        float[] values = new float[group.length * width];
        for (int i = 0; i < group.length; i++) {
            System.arraycopy(states.get(group[i]), 0, values, i * width, width);
        }
        return owner.of(values, group.length, width);
    }

    /** How far the states of different requests are apart: their mean squared distance from their mean. */
    public double variance() {
        double[] mean = new double[states.getFirst().length];
        for (float[] state : states) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += state[c] / (double) states.size();
            }
        }
        double sum = 0;
        for (float[] state : states) {
            for (int c = 0; c < mean.length; c++) {
                sum += (state[c] - mean[c]) * (state[c] - mean[c]);
            }
        }
        return sum / states.size();
    }

    /** Mean squared distance of other states of the same requests. */
    public double distance(AnchorStates others) {
        double sum = 0;
        for (int i = 0; i < states.size(); i++) {
            float[] from = states.get(i);
            float[] to = others.states.get(i);
            for (int c = 0; c < from.length; c++) {
                sum += ((double) to[c] - from[c]) * ((double) to[c] - from[c]);
            }
        }
        return sum / states.size();
    }
}
