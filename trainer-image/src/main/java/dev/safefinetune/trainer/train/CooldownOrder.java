package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;

/** Which samples a step of the cooldown takes: its parts by their weights, each in an order that the seed decides. */
final class CooldownOrder {
    private final List<Cooldown.Part> parts;
    private final List<SampleOrder> orders = new ArrayList<>();
    private final int[] drawn;
    private final int weights;
    private final int batch;
    private long asked;

    /**
     * An endless walk.
     *
     * @param batch samples a step
     */
    CooldownOrder(Cooldown cooldown, int batch, long seed) {
        this.parts = cooldown.parts();
        for (int i = 0; i < parts.size(); i++) {
            orders.add(new SampleOrder(parts.get(i).samples().size(), 1, seed + i));
        }
        this.drawn = new int[parts.size()];
        this.weights = parts.stream().mapToInt(Cooldown.Part::weight).sum();
        this.batch = batch;
    }

    /** Goes on as if so many steps had been taken. */
    CooldownOrder skip(int steps) {
        for (int step = 0; step < steps; step++) {
            next();
        }
        return this;
    }

    /** The next step's samples. Small batches hold the shares over several steps. */
    List<EncodedSample> next() {
        List<EncodedSample> step = new ArrayList<>(batch);
        for (int k = 0; k < batch; k++) {
            step.add(draw());
        }
        return step;
    }

    /** A sample of the part that is furthest behind its share. */
    private EncodedSample draw() {
        asked++;
        int behind = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < parts.size(); i++) {
            double missing = (double) asked * parts.get(i).weight() / weights - drawn[i];
            if (missing > most) {
                most = missing;
                behind = i;
            }
        }
        drawn[behind]++;
        return parts.get(behind).samples().get(orders.get(behind).next()[0]);
    }
}
