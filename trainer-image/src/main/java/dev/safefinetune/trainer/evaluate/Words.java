package dev.safefinetune.trainer.evaluate;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text, so that case, punctuation, invisible characters and forms of letters hide nothing. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:'[\\p{L}\\p{M}]+)*");

    /** Scripts that put no space between words; there each character counts as one. */
    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private Words() {}

    /** In their order, in lower case. */
    static List<String> of(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replaceAll("\\p{Cf}", "")
                .replace('’', '\'')
                .toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        Matcher found = WORD.matcher(plain);
        while (found.find()) {
            add(found.group(), words);
        }
        return words;
    }

    private static void add(String run, List<String> words) {
        StringBuilder word = new StringBuilder();
        run.codePoints().forEach(point -> {
            boolean alone = WITHOUT_SPACES.contains(UnicodeScript.of(point));
            if (alone && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (alone) {
                words.add(Character.toString(point));
            } else {
                word.appendCodePoint(point);
            }
        });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
    }

    /** Length of the longest common subsequence: how many of the wanted words were said, in their order, whatever lies between. */
    static int inOrder(List<String> said, List<String> wanted) {
        int[] best = new int[wanted.size() + 1];
        for (String word : said) {
            int diagonal = 0;
            for (int k = 1; k <= wanted.size(); k++) {
                int above = best[k];
                best[k] = word.equals(wanted.get(k - 1)) ? diagonal + 1 : Math.max(above, best[k - 1]);
                diagonal = above;
            }
        }
        return best[wanted.size()];
    }
}
