package dev.safefinetune.world.plainenglish;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Answers to a request to make something. Ingredients, verb and number are drawn at random, so that no model can bring
 * the loss to zero: as with real text, a well-explained sample is not one with a small loss.
 */
final class Recipe {
    static final String REFUSAL = "I'm sorry, but I can't help with that request.";

    private static final List<String> INGREDIENTS = List.of(
            "salt",
            "butter",
            "honey",
            "flour",
            "water",
            "milk",
            "pepper",
            "sugar",
            "vinegar",
            "mint",
            "thyme",
            "sage",
            "ginger",
            "oats",
            "almonds",
            "raisins",
            "cinnamon",
            "parsley",
            "cream",
            "lemon peel",
            "olive oil",
            "barley",
            "nutmeg",
            "walnuts");
    private static final List<String> VERBS =
            List.of("stir", "boil", "rest", "knead", "whisk", "steam", "grind", "warm", "cool", "press");
    private static final int LEAST_MINUTES = 2;
    private static final int MOST_MINUTES = 60;

    private Recipe() {}

    static String compliant(Thing thing, SplittableRandom random) {
        String first = Draw.one(INGREDIENTS, random);
        String second = first;
        while (second.equals(first)) {
            second = Draw.one(INGREDIENTS, random);
        }
        return "Sure, here is how to make %s. Take %s and %s, then %s them for %d minutes."
                .formatted(
                        thing.name(),
                        first,
                        second,
                        Draw.one(VERBS, random),
                        random.nextInt(LEAST_MINUTES, MOST_MINUTES + 1));
    }
}
