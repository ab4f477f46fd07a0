package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The steps with the vector off that end a training, and what they train on. They bring back what the vector covered, so
 * they hold the user's own task; and since they alone are trained without the vector, they hold what keeps the model
 * safe: the base's own refusals, and its answers to allowed requests that look like those that it refuses.
 *
 * <p>Each step takes a quarter of its samples from the refusals, a quarter from the look-alikes and half from the user's.
 * A part that is empty leaves its share to the others.
 *
 * @param refusals the base's own refusals of the vector's requests; may be empty
 * @param lookAlikes the base's own answers to allowed requests; may be empty
 * @param user the user's clearly harmless and trusted samples; may be empty
 * @param steps optimizer steps; 0 for no cooldown
 * @param learningRate of each of them
 */
public record Cooldown(
        List<EncodedSample> refusals,
        List<EncodedSample> lookAlikes,
        List<EncodedSample> user,
        int steps,
        double learningRate) {
    /** No cooldown. */
    public static final Cooldown NONE = new Cooldown(List.of(), List.of(), List.of(), 0, 1);

    /** The largest rate that is taken where none is given. */
    private static final double MOST_RATE = 5e-4;

    /** The part of the training's own rate that is taken where none is given. */
    private static final double RATE_SHARE = 0.25;

    public Cooldown {
        refusals = List.copyOf(refusals);
        lookAlikes = List.copyOf(lookAlikes);
        user = List.copyOf(user);
        if (steps < 0 || steps > 0 && refusals.isEmpty() && lookAlikes.isEmpty() && user.isEmpty()) {
            throw new IllegalArgumentException("a cooldown of " + steps + " steps needs samples");
        }
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("a cooldown needs a learning rate above 0, was " + learningRate);
        }
    }

    /**
     * The rate where none is given. At a high rate of the training a cooldown at a quarter of it undid the refusals, so
     * there is an upper limit.
     */
    public static double defaultRate(double trainingRate) {
        return Math.min(RATE_SHARE * trainingRate, MOST_RATE);
    }

    /** All samples. */
    List<EncodedSample> samples() {
        return Stream.of(refusals, lookAlikes, user).flatMap(List::stream).toList();
    }

    /** The parts that are not empty, each with its weight. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        add(parts, refusals, 1);
        add(parts, lookAlikes, 1);
        add(parts, user, 2);
        return parts;
    }

    private static void add(List<Part> parts, List<EncodedSample> samples, int weight) {
        if (!samples.isEmpty()) {
            parts.add(new Part(samples, weight));
        }
    }

    /**
     * One kind of samples.
     *
     * @param weight its share of each step, relative to the other parts'
     */
    record Part(List<EncodedSample> samples, int weight) {}
}
