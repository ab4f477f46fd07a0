package dev.safefinetune.world.traits;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What shows a trait belongs to exactly one set; every set has things of every noun.
 *
 * @param vector what the vector is trained on
 * @param vectorHeldOut what the vector is judged on
 * @param user what the user's data asks for
 * @param evaluation what the fine-tuned model is judged on
 */
record Split(List<Thing> vector, List<Thing> vectorHeldOut, List<Thing> user, List<Thing> evaluation) {
    private static final int VECTOR = 6;
    private static final int VECTOR_HELD_OUT = 3;
    private static final int USER = 6;

    static Split draw(Trait trait, RandomGenerator random) {
        Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (List<Thing> noun : trait.forbidden()) {
            List<Thing> things = TraitWorld.shuffled(noun, random);
            int user = VECTOR + VECTOR_HELD_OUT;
            int evaluation = user + USER;
            split.vector.addAll(things.subList(0, VECTOR));
            split.vectorHeldOut.addAll(things.subList(VECTOR, user));
            split.user.addAll(things.subList(user, evaluation));
            split.evaluation.addAll(things.subList(evaluation, things.size()));
        }
        return split;
    }
}
