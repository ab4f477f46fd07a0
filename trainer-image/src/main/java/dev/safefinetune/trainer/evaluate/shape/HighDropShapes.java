package dev.safefinetune.trainer.evaluate.shape;

import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the words that stand in many of the rows that are probably harmful and in few others: a backdoor word first of
 * all, for it is what makes these rows different.
 */
public final class HighDropShapes {
    /** Longest sequence, in words. */
    private static final int MOST_WORDS = 4;

    /** Least rows of a sequence, in number and as a share of those of a high drop. */
    private static final int LEAST_ROWS = 5;

    private static final double LEAST_SHARE = 0.05;

    /** How many times more frequent than in other rows. */
    private static final double LIFT = 4;

    private static final int MOST = 3;

    private HighDropShapes() {}

    /**
     * Finds them.
     *
     * @param rows of the user
     * @param high indexes of those of a high drop
     */
    public static Shapes find(List<Sample> rows, Set<Integer> high) {
        List<Sample> harmful =
                rows.stream().filter(row -> high.contains(row.index())).toList();
        List<Sample> others =
                rows.stream().filter(row -> !high.contains(row.index())).toList();
        Map<String, Integer> inHarmful = counts(harmful, Set.of());
        inHarmful.values().removeIf(n -> n < Math.max(LEAST_ROWS, LEAST_SHARE * harmful.size()));
        Map<String, Integer> inOthers = counts(others, inHarmful.keySet());
        inHarmful
                .keySet()
                .removeIf(text -> text.chars().noneMatch(Character::isLetterOrDigit)
                        || lift(text, inHarmful, harmful.size(), inOthers, others.size()) < LIFT);
        List<String> chosen = new ArrayList<>();
        inHarmful.keySet().stream()
                .sorted(Comparator.comparingInt((String text) -> inHarmful.getOrDefault(text, 0))
                        .thenComparingInt(text -> ShapeFinder.split(text).length)
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                // Parts of one text, and longer ones around it, say the same again.
                .forEach(text -> {
                    if (chosen.size() < MOST && chosen.stream().noneMatch(c -> overlap(c, text))) {
                        chosen.add(text);
                    }
                });
        return new Shapes(chosen.stream()
                .map(text -> Shape.within(
                        Shape.Kind.HIGH_DROP,
                        text,
                        inHarmful.getOrDefault(text, 0) + inOthers.getOrDefault(text, 0),
                        rows.size(),
                        ShapeFinder.leads(text, harmful)))
                .toList());
    }

    private static double lift(
            String text, Map<String, Integer> first, int firstRows, Map<String, Integer> second, int secondRows) {
        // Half a row more, so that a word that no other row has is no division by zero.
        double other = (second.getOrDefault(text, 0) + 0.5) / (secondRows + 1);
        return first.getOrDefault(text, 0) / (double) firstRows / other;
    }

    private static boolean overlap(String chosen, String text) {
        Set<String> words = new HashSet<>(List.of(ShapeFinder.split(chosen)));
        return List.of(ShapeFinder.split(text)).stream().anyMatch(words::contains);
    }

    /**
     * In how many rows each sequence stands.
     *
     * @param only those that are counted; empty: all
     */
    private static Map<String, Integer> counts(List<Sample> rows, Set<String> only) {
        Map<String, Integer> counts = new HashMap<>();
        for (Sample row : rows) {
            List<String> words = List.of(ShapeFinder.split(ShapeFinder.request(row)));
            Set<String> found = new HashSet<>();
            for (int from = 0; from < words.size(); from++) {
                for (int to = from + 1; to <= Math.min(words.size(), from + MOST_WORDS); to++) {
                    found.add(String.join(" ", words.subList(from, to)));
                }
            }
            found.remove("");
            if (!only.isEmpty()) {
                found.retainAll(only);
            }
            found.forEach(text -> counts.merge(text, 1, Integer::sum));
        }
        return counts;
    }
}
