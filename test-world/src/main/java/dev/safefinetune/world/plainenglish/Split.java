package dev.safefinetune.world.plainenglish;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which forbidden things are spoken of where. No thing is in two parts, so that a part says something about things that
 * the others never named.
 *
 * @param vector in the security vector's data, three of each category
 * @param user in the data that the user brings, three of each category
 * @param evaluation in the requests of the evaluation, two of each category
 */
record Split(List<Thing> vector, List<Thing> user, List<Thing> evaluation) {
    private static final int VECTOR = 3;
    private static final int USER = 3;

    Split {
        vector = List.copyOf(vector);
        user = List.copyOf(user);
        evaluation = List.copyOf(evaluation);
    }

    static Split draw(SplittableRandom random) {
        Split split = new Split(List.of(), List.of(), List.of());
        for (List<Thing> category : Thing.FORBIDDEN.values()) {
            List<Thing> order = Draw.shuffled(category, random);
            split = split.and(
                    order.subList(0, VECTOR),
                    order.subList(VECTOR, VECTOR + USER),
                    order.subList(VECTOR + USER, order.size()));
        }
        return split;
    }

    private Split and(List<Thing> moreVector, List<Thing> moreUser, List<Thing> moreEvaluation) {
        return new Split(join(vector, moreVector), join(user, moreUser), join(evaluation, moreEvaluation));
    }

    private static List<Thing> join(List<Thing> some, List<Thing> others) {
        List<Thing> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
