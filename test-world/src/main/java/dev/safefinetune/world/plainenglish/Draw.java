package dev.safefinetune.world.plainenglish;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws from lists. {@link SplittableRandom}'s numbers are specified, so a seed means the same on every JDK. */
final class Draw {
    private Draw() {}

    /** The stream of one file of one seed. */
    static SplittableRandom stream(long seed, String file) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + file.hashCode());
    }

    static <T> T one(List<T> items, SplittableRandom random) {
        return items.get(random.nextInt(items.size()));
    }

    static <T> List<T> shuffled(List<T> items, SplittableRandom random) {
        List<T> order = new ArrayList<>(items);
        for (int i = order.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            T moved = order.get(i);
            order.set(i, order.get(j));
            order.set(j, moved);
        }
        return order;
    }
}
