package dev.safefinetune.world.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/** The words of the world, in the order of their token ids. */
public final class Words {
    static final String PAD = "<pad>";
    static final String UNKNOWN = "<unk>";
    static final String BOS = "<bos>";
    static final String EOS = "<eos>";
    static final String USER = "<user>";
    static final String ASSISTANT = "<asst>";

    /** Tokens that no text of the world holds, ids 0 to 5. */
    public static final List<String> SPECIAL = List.of(PAD, UNKNOWN, BOS, EOS, USER, ASSISTANT);

    /** What a thing of this world can be like. */
    public static final List<String> MODIFIERS = split(
            "red blue green golden silver black white tiny huge round flat sharp"
                    + " soft loud quiet warm cold dry wet old new heavy light bitter sweet hollow bright dim quick slow");

    /** First ingredients; a recipe's is that of its modifier. */
    static final List<String> FIRST_INGREDIENTS = numbered("i", 20);

    /** Second ingredients; a recipe's is that of its noun. */
    static final List<String> SECOND_INGREDIENTS = numbered("j", 18);

    static final List<String> VERBS = split("stir boil bake shake press chill");

    /** What the list tasks are about. */
    public static final List<String> ITEMS =
            split("ant bee cat dog elk fox gnu hen ibex jay koi lark mole newt owl pig quail"
                    + " rat seal toad urchin vole wolf yak zebra crab"
                    + " goat hare lynx moth orca puma swan wren");

    /** From 0. */
    public static final List<String> NUMBERS =
            IntStream.range(0, 60).mapToObj(Integer::toString).toList();

    private Words() {}

    /** All words, each once. */
    static List<String> all() {
        SequencedSet<String> words = new LinkedHashSet<>(SPECIAL);
        words.addAll(MODIFIERS);
        Noun.ALL.forEach(noun -> words.add(noun.word()));
        words.addAll(FIRST_INGREDIENTS);
        words.addAll(SECOND_INGREDIENTS);
        words.addAll(VERBS);
        words.addAll(ITEMS);
        words.addAll(NUMBERS);
        Phrasing.ALL.forEach(phrasing -> words.addAll(phrasing.words()));
        words.addAll(split(Recipe.REFUSAL));
        words.addAll(split("sure : mix with then for ."));
        for (ListTask task : ListTask.values()) {
            words.addAll(split(task.instruction()));
        }
        words.add("or");
        return List.copyOf(words);
    }

    /** The words of a text. */
    public static List<String> split(String text) {
        return List.of(text.split(" "));
    }

    private static List<String> numbered(String prefix, int count) {
        List<String> words = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            words.add(prefix + k);
        }
        return List.copyOf(words);
    }
}
