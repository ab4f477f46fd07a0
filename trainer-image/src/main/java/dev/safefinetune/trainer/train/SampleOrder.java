package dev.safefinetune.trainer.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Which samples a step takes: each epoch in a new order, all decided by the seed. */
public final class SampleOrder {
    private final int size;
    private final int batch;
    private final Random random;
    private final List<Integer> ahead = new ArrayList<>();

    /**
     * An endless walk.
     *
     * @param size number of samples
     * @param batch samples a step; the last step of an epoch takes what is left
     */
    public SampleOrder(int size, int batch, long seed) {
        this.size = size;
        this.batch = batch;
        this.random = new Random(seed);
    }

    /** Steps of so many epochs. */
    public static int steps(int size, int batch, int epochs) {
        return Math.multiplyExact(epochs, (size + batch - 1) / batch);
    }

    /** Goes on as if so many steps had been taken. */
    public SampleOrder skip(int steps) {
        for (int step = 0; step < steps; step++) {
            next();
        }
        return this;
    }

    /** Indices of the next step's samples. */
    public int[] next() {
        if (ahead.isEmpty()) {
            IntStream.range(0, size).forEach(ahead::add);
            Collections.shuffle(ahead, random);
        }
        List<Integer> taken = ahead.subList(0, Math.min(batch, ahead.size()));
        int[] step = taken.stream().mapToInt(Integer::intValue).toArray();
        taken.clear();
        return step;
    }
}
