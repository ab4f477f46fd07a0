package dev.safefinetune.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A dataset in two parts; which sample goes where depends on the seed and the number of samples alone.
 *
 * @param train what is learned, in the order of the file
 * @param heldOut what is not, in the order of the file; may be empty
 */
public record Split(List<Sample> train, List<Sample> heldOut) {
    /** Most of a dataset that may be held out, in percent. */
    private static final int MOST = 50;

    public Split {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * A share that can be held out.
     *
     * @param field where it was stated
     * @throws IllegalArgumentException naming field and value
     */
    public static int requirePercent(String field, int percent) {
        if (percent < 0 || percent > MOST) {
            throw new IllegalArgumentException(field + " must be in 0.." + MOST + ", was " + percent);
        }
        return percent;
    }

    /**
     * Holds out a share.
     *
     * @param percent 0..50; of at least two samples, a share above 0 is at least one sample
     */
    public static Split of(Dataset dataset, int percent, long seed) {
        requirePercent("percent", percent);
        int size = dataset.size();
        int count = percent == 0 || size < 2 ? 0 : Math.max(1, (int) Math.round(size * percent / 100.0));
        List<Integer> order = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            order.add(i);
        }
        // java.util.Random is specified to the bit, so the split is the same on every platform.
        Collections.shuffle(order, new Random(seed));
        Set<Integer> held = new HashSet<>(order.subList(0, count));
        List<Sample> train = new ArrayList<>();
        List<Sample> heldOut = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            (held.contains(i) ? heldOut : train).add(dataset.samples().get(i));
        }
        return new Split(train, heldOut);
    }
}
