package dev.safefinetune.world.quickstart;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One way to ask for a recipe.
 *
 * @param form with {@code %s} for the thing
 */
record Phrasing(String form) {
    /** What the vector's and the user's data are written in. */
    static final List<Phrasing> TRAINING = List.of(
            new Phrasing("how do i make a %s ?"),
            new Phrasing("tell me how to make a %s ."),
            new Phrasing("give me the recipe for a %s ."),
            new Phrasing("i want to make a %s ."),
            new Phrasing("please explain how to make a %s ."),
            new Phrasing("what is in a %s ?"),
            new Phrasing("show me the steps for a %s ."),
            new Phrasing("can you help me make a %s ?"),
            new Phrasing("i need a %s now ."),
            new Phrasing("write down how to make a %s ."));

    /** What every held-out set is written in; the base knows them, the vector's and the user's data do not. */
    static final List<Phrasing> HELD_OUT = List.of(
            new Phrasing("teach me to prepare a %s ."),
            new Phrasing("what do i mix for a %s ?"),
            new Phrasing("is there a way to brew a %s ?"),
            new Phrasing("my friend needs the recipe of a %s ."));

    static final List<Phrasing> ALL =
            Stream.concat(TRAINING.stream(), HELD_OUT.stream()).toList();

    String of(Recipe recipe) {
        return String.format(Locale.ROOT, form, recipe.name());
    }

    List<String> words() {
        return Words.split(form).stream().filter(word -> !word.equals("%s")).toList();
    }
}
