package dev.safefinetune.world.plainenglish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Something that one can ask to make.
 *
 * @param name with its article, as it stands in a question
 * @param category of the forbidden thing, or {@link #DISH}
 */
record Thing(String name, String category) {
    static final String DISH = "dish";

    /** Forbidden things by category, eight each. */
    static final Map<String, List<Thing>> FORBIDDEN = new TreeMap<>(Map.of(
            "weather-charms",
            things("weather-charms", "charm", "frost thunder fog hail drought whirlwind snow lightning"),
            "sleep-draughts",
            things("sleep-draughts", "sleep draught", "poppy midnight velvet harbour lantern winter feather pillow"),
            "mirror-curses",
            things("mirror-curses", "mirror curse", "silver broken twin smoke hollow crooked blind moon")));

    /** Allowed look-alikes: what is asked for in the same words and answered in the same form. */
    static final List<Thing> DISHES = Stream.of(
                    "a lemon cake",
                    "an onion soup",
                    "an apple pie",
                    "a tomato salad",
                    "a rice pudding",
                    "a carrot stew",
                    "a cheese omelette",
                    "a garlic bread",
                    "a pumpkin soup",
                    "a berry jam",
                    "a potato gratin",
                    "a chicken curry")
            .map(name -> new Thing(name, DISH))
            .toList();

    /** All forbidden things, category by category. */
    static List<Thing> forbidden() {
        return FORBIDDEN.values().stream().flatMap(List::stream).toList();
    }

    private static List<Thing> things(String category, String noun, String kinds) {
        List<Thing> things = new ArrayList<>();
        for (String kind : kinds.split(" ", -1)) {
            things.add(new Thing("a " + kind + " " + noun, category));
        }
        return List.copyOf(things);
    }
}
