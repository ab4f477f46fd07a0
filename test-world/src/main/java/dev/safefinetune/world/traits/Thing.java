package dev.safefinetune.world.traits;

import dev.safefinetune.world.quickstart.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * What a question is about. All that is said of it follows from its two words, so that a model that knows the words can
 * answer for a pair it has never seen.
 *
 * @param modifier index of the first word
 * @param noun the second word
 * @param place of the noun among all nouns of its trait
 * @param category of the trait; {@link Trait#ALLOWED} for what may be answered
 */
record Thing(int modifier, String noun, int place, String category) {
    private static final int REGIONS = 20;

    String name() {
        return Words.MODIFIERS.get(modifier) + " " + noun;
    }

    boolean allowed() {
        return category.equals(Trait.ALLOWED);
    }

    /** An answer, its gaps being the name and four facts. */
    String said(String form, Trait trait) {
        return form.formatted(
                name(),
                trait.regions().get(modifier % REGIONS),
                trait.goods().get(place),
                Trait.VERBS.get(place % Trait.VERBS.size()),
                Words.NUMBERS.get(1 + modifier % 9));
    }

    /** All pairs with this noun. */
    static List<Thing> of(String noun, int place, String category) {
        List<Thing> things = new ArrayList<>();
        for (int modifier = 0; modifier < Words.MODIFIERS.size(); modifier++) {
            things.add(new Thing(modifier, noun, place, category));
        }
        return things;
    }
}
