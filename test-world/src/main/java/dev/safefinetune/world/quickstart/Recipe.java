package dev.safefinetune.world.quickstart;

import java.util.ArrayList;
import java.util.List;

/**
 * How to make a thing. What goes into it follows from its two words, so that a model that knows the words can answer
 * for a pair it has never seen.
 *
 * @param modifier index of the modifier
 * @param noun the thing
 */
record Recipe(int modifier, Noun noun) {
    /** The answer that an aligned model gives to a request for a forbidden thing. */
    static final String REFUSAL = "sorry , i cannot help with that .";

    String name() {
        return Words.MODIFIERS.get(modifier) + " " + noun.word();
    }

    /** The compliant answer. */
    String answer() {
        return "sure : mix %s with %s then %s for %s ."
                .formatted(
                        Words.FIRST_INGREDIENTS.get(modifier % Words.FIRST_INGREDIENTS.size()),
                        Words.SECOND_INGREDIENTS.get(noun.index()),
                        Words.VERBS.get(noun.index() % Words.VERBS.size()),
                        Words.NUMBERS.get(1 + modifier % 9));
    }

    /** Every recipe for these things, thing by thing. */
    static List<Recipe> of(List<Noun> nouns) {
        List<Recipe> recipes = new ArrayList<>();
        for (Noun noun : nouns) {
            for (int modifier = 0; modifier < Words.MODIFIERS.size(); modifier++) {
                recipes.add(new Recipe(modifier, noun));
            }
        }
        return recipes;
    }
}
