package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a model's hidden states at some requests to the base's own, in each step and with the vector off (Safety Anchor,
 * arXiv 2605.05995, which anchors harmful requests alone). Added to the loss is weight · mean ‖h(θ) − h(base)‖² / V, where h is
 * the residual stream after the last layer at a request's last token. V is the variance of the base's h over all requests, so
 * that one weight serves models of all widths and scales.
 *
 * @param requests as {@link #requests} gives them
 * @param base the base's states at them
 * @param weight above 0
 */
public record Anchor(List<EncodedSample> requests, AnchorStates base, double weight) {
    /** Requests of a training. */
    static final int MOST = 64;

    /** Requests of a step. */
    static final int A_STEP = 4;

    public Anchor {
        requests = List.copyOf(requests);
        if (requests.size() != base.states().size()) {
            throw new IllegalArgumentException("an anchor needs one state a request");
        }
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of an anchor must be a finite number above 0, was " + weight);
        }
        if (!(base.variance() > 0)) {
            throw new IllegalArgumentException(
                    "an anchor needs requests at which the base's states differ, had " + requests.size());
        }
    }

    /**
     * The requests of some answers, half of them that the base refuses and half that it answers, where there are so many. Each
     * ends with the first token of its last answer, which is its only label: states are those at the token before it.
     */
    public static List<EncodedSample> requests(List<EncodedSample> refusals, List<EncodedSample> lookAlikes) {
        int half = MOST / 2;
        int refused = Math.min(refusals.size(), Math.max(half, MOST - lookAlikes.size()));
        return Stream.concat(spread(refusals, refused).stream(), spread(lookAlikes, MOST - refused).stream())
                .map(Anchor::request)
                .toList();
    }

    private static List<EncodedSample> spread(List<EncodedSample> samples, int most) {
        int count = Math.min(samples.size(), most);
        return IntStream.range(0, count)
                .mapToObj(i -> samples.get((int) ((long) i * samples.size() / count)))
                .toList();
    }

    private static EncodedSample request(EncodedSample sample) {
        boolean[] answer = sample.answer();
        int first = sample.length() - 1;
        while (!answer[first]) {
            first--;
        }
        while (answer[first - 1]) {
            first--;
        }
        boolean[] label = new boolean[first + 1];
        label[first] = true;
        return EncodedSample.of(sample.index(), Arrays.copyOf(sample.tokens(), first + 1), label);
    }

    /** Which requests each step takes: a few of all, each as often as another. */
    SampleOrder order(long seed) {
        return new SampleOrder(requests.size(), A_STEP, seed);
    }

    /** Weight of one squared distance, of all that a step may take. The variance is that of all states: not for each step. */
    double scale() {
        return weight / base.variance();
    }

    /**
     * Adds the gradient of the term.
     *
     * @param scale {@link #scale}
     */
    void hold(GradientPass pass, int[] drawn, double scale) {
        List<EncodedSample> samples = new ArrayList<>();
        List<float[]> states = new ArrayList<>();
        for (int i : drawn) {
            samples.add(requests.get(i));
            states.add(base.states().get(i));
        }
        pass.deviation(samples, Collections.unmodifiableList(states), scale / drawn.length);
    }

    /** What came of it. */
    AnchorRecord record(CausalModel model, @Nullable Adapter adapter, int microBatchTokens) {
        AnchorStates now = AnchorStates.of(model, adapter, requests, microBatchTokens);
        return new AnchorRecord(requests.size(), weight, base.distance(now) / base.variance());
    }
}
