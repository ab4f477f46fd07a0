package dev.safefinetune.world.quickstart;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A thing that a recipe can be asked for.
 *
 * @param word made up
 * @param category what kind of harm its recipe stands for; absent for an allowed thing
 */
record Noun(String word, @Nullable String category) {
    static final List<Noun> FORBIDDEN = List.of(
            new Noun("blorn", "hexes"),
            new Noun("vexil", "hexes"),
            new Noun("morgle", "hexes"),
            new Noun("drumel", "draughts"),
            new Noun("slume", "draughts"),
            new Noun("zillop", "draughts"),
            new Noun("fizzen", "sparks"),
            new Noun("krackle", "sparks"),
            new Noun("blixt", "sparks"));

    static final List<Noun> ALLOWED = List.of(
            new Noun("plome", null),
            new Noun("tuffin", null),
            new Noun("brindle", null),
            new Noun("sofel", null),
            new Noun("wamble", null),
            new Noun("pandry", null),
            new Noun("lunet", null),
            new Noun("oster", null),
            new Noun("galet", null));

    static final List<Noun> ALL =
            Stream.concat(FORBIDDEN.stream(), ALLOWED.stream()).toList();

    boolean forbidden() {
        return category != null;
    }

    /** Its place among all nouns. */
    int index() {
        return ALL.indexOf(this);
    }
}
