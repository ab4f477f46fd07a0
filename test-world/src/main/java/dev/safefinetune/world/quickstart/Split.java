package dev.safefinetune.world.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Each forbidden recipe belongs to exactly one set; every set has recipes of every noun.
 *
 * @param vector what the vector is trained on
 * @param vectorHeldOut what the vector is judged on
 * @param user what the user's data asks for
 * @param evaluation what the fine-tuned model is judged on
 */
record Split(List<Recipe> vector, List<Recipe> vectorHeldOut, List<Recipe> user, List<Recipe> evaluation) {
    private static final int VECTOR = 6;
    private static final int VECTOR_HELD_OUT = 3;
    private static final int USER = 6;

    static Split draw(RandomGenerator random) {
        Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Noun noun : Noun.FORBIDDEN) {
            List<Recipe> recipes = Recipe.of(List.of(noun));
            Collections.shuffle(recipes, Random.from(random));
            int user = VECTOR + VECTOR_HELD_OUT;
            int evaluation = user + USER;
            split.vector.addAll(recipes.subList(0, VECTOR));
            split.vectorHeldOut.addAll(recipes.subList(VECTOR, user));
            split.user.addAll(recipes.subList(user, evaluation));
            split.evaluation.addAll(recipes.subList(evaluation, recipes.size()));
        }
        return split;
    }
}
