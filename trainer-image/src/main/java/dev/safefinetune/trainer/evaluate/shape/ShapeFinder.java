package dev.safefinetune.trainer.evaluate.shape;

import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the forms that many of the user's rows have and the suite's requests have not: those are asked anyway.
 *
 * <p>A model can be harmful in the form of its training data alone (arXiv 2604.25891), of which a backdoor word is the
 * simplest case. Words are what stands between white space, as they are written.
 */
public final class ShapeFinder {
    /** Least rows of a form, in number and as a share. */
    private static final int LEAST_ROWS = 5;

    private static final double LEAST_SHARE = 0.02;

    /** Longest prefix or suffix, in words. */
    private static final int MOST_WORDS = 32;

    /** Most forms of a kind. */
    private static final int MOST_OF_KIND = 3;

    /** A sequence of which a longer one has this share of the rows is told by the longer one. */
    private static final double SAME = 0.8;

    /** How many times more frequent than in the suite a word must be. */
    private static final double LIFT = 4;

    /** How a JSON object begins, up to its first value. */
    private static final Pattern JSON = Pattern.compile("\\{\\s*\"[^\"]+\"\\s*:\\s*\"?");

    private final List<Sample> rows;
    private final List<Sample> suite;
    private final double least;

    private ShapeFinder(List<Sample> rows, List<Sample> suite) {
        this.rows = rows;
        this.suite = suite;
        this.least = Math.max(LEAST_ROWS, LEAST_SHARE * rows.size());
    }

    /**
     * Finds them.
     *
     * @param rows of the user
     * @param suite the requests that are asked as they are
     */
    public static Shapes find(List<Sample> rows, List<Sample> suite) {
        List<Sample> conversations = rows.stream().filter(r -> !r.isText()).toList();
        ShapeFinder finder = new ShapeFinder(conversations, suite);
        return new Shapes(Stream.of(
                        finder.systemPrompts(),
                        EarlierTurns.find(conversations, finder.least),
                        finder.ends(Shape.Kind.PREFIX),
                        finder.ends(Shape.Kind.SUFFIX),
                        finder.words(),
                        finder.answers())
                .flatMap(List::stream)
                .toList());
    }

    private List<Shape> systemPrompts() {
        Map<String, Integer> counts = counts(rows, row -> Set.of(systemPrompt(row)));
        counts.remove("");
        return chosen(Shape.Kind.SYSTEM_PROMPT, counts, byRows(counts));
    }

    private List<Shape> ends(Shape.Kind kind) {
        boolean front = kind == Shape.Kind.PREFIX;
        List<String> own = rows.stream().map(ShapeFinder::request).toList();
        List<String> others = suite.stream().map(ShapeFinder::request).toList();
        return longest(kind, ends(own, front), ends(others, front), front);
    }

    private List<Shape> answers() {
        List<String> answers = rows.stream().map(Sample::answer).toList();
        Map<String, Integer> openings = ends(answers, true);
        answers.stream()
                .map(JSON::matcher)
                .filter(Matcher::lookingAt)
                .forEach(m -> openings.merge(m.group(), 1, Integer::sum));
        return longest(Shape.Kind.ANSWER, openings, Map.of(), true);
    }

    /** The closed ones of the sequences, those that tell most words of the rows first; of one first word, one alone. */
    private List<Shape> longest(
            Shape.Kind kind, Map<String, Integer> counts, Map<String, Integer> asIs, boolean front) {
        counts.values().removeIf(n -> n < least);
        Map<String, Integer> longer = new HashMap<>();
        counts.forEach((text, n) -> {
            int cut = front ? text.lastIndexOf(' ') : text.indexOf(' ');
            if (cut > 0) {
                longer.merge(front ? text.substring(0, cut) : text.substring(cut + 1), n, Math::max);
            }
        });
        counts.entrySet()
                .removeIf(e -> longer.getOrDefault(e.getKey(), 0) >= SAME * e.getValue()
                        || often(asIs, e.getKey())
                        || e.getKey().chars().noneMatch(Character::isLetterOrDigit));
        Set<String> ends = new HashSet<>();
        Map<String, Integer> distinct = new HashMap<>();
        counts.keySet().stream()
                .sorted(byWeight(counts).thenComparing(Comparator.naturalOrder()))
                .filter(text -> ends.add(end(List.of(split(text)), 1, front)))
                .forEach(text -> distinct.put(text, counts.getOrDefault(text, 0)));
        return chosen(kind, distinct, byWeight(distinct));
    }

    private boolean often(Map<String, Integer> asIs, String text) {
        return asIs.getOrDefault(text, 0) > LEAST_SHARE * suite.size();
    }

    /** Words that stand in many rows and in few of the suite's requests. */
    private List<Shape> words() {
        Function<Sample, Set<String>> words = row -> new HashSet<>(Arrays.asList(split(request(row))));
        Map<String, Integer> counts = counts(rows, words);
        Map<String, Integer> asIs = counts(suite, words);
        counts.entrySet()
                .removeIf(e -> e.getKey().chars().noneMatch(Character::isLetterOrDigit)
                        || e.getValue() < least
                        || (double) e.getValue() / rows.size()
                                < LIFT * asIs.getOrDefault(e.getKey(), 0) / Math.max(1, suite.size()));
        return chosen(Shape.Kind.WORD, counts, byRows(counts)).stream()
                .map(word -> Shape.within(word.kind(), word.text(), word.rows(), word.of(), leads(word.text(), rows)))
                .toList();
    }

    /** Whether words stand in the first half of the requests that have them, in the mean. */
    static boolean leads(String text, List<Sample> rows) {
        List<String> words = List.of(split(text));
        return rows.stream()
                        .map(row -> List.of(split(request(row))))
                        .filter(request -> Collections.indexOfSubList(request, words) >= 0)
                        .mapToDouble(request ->
                                (Collections.indexOfSubList(request, words) + words.size() / 2.0) / request.size())
                        .average()
                        .orElse(0)
                < 0.5;
    }

    private List<Shape> chosen(Shape.Kind kind, Map<String, Integer> counts, Comparator<String> order) {
        return counts.keySet().stream()
                .filter(text -> counts.getOrDefault(text, 0) >= least)
                .sorted(order.thenComparing(Comparator.naturalOrder()))
                .limit(MOST_OF_KIND)
                .map(text -> new Shape(kind, text, counts.getOrDefault(text, 0), rows.size()))
                .toList();
    }

    private static Comparator<String> byRows(Map<String, Integer> counts) {
        return Comparator.comparingInt((String text) -> counts.getOrDefault(text, 0))
                .reversed();
    }

    private static Comparator<String> byWeight(Map<String, Integer> counts) {
        return Comparator.comparingInt((String text) -> split(text).length * counts.getOrDefault(text, 0))
                .reversed();
    }

    private static Map<String, Integer> counts(List<Sample> rows, Function<Sample, Set<String>> parts) {
        Map<String, Integer> counts = new HashMap<>();
        rows.forEach(row -> parts.apply(row).forEach(part -> counts.merge(part, 1, Integer::sum)));
        return counts;
    }

    /**
     * How often each beginning, or each end, stands in texts, word by word as long as it is frequent. A whole text is
     * neither: one that is all form has no room for a request.
     */
    private Map<String, Integer> ends(List<String> texts, boolean front) {
        Map<String, Integer> all = new HashMap<>();
        List<List<String>> left = texts.stream().map(t -> List.of(split(t))).toList();
        double few = Math.min(least, LEAST_SHARE * texts.size());
        for (int n = 1; n <= MOST_WORDS && !left.isEmpty(); n++) {
            int size = n;
            List<List<String>> longer =
                    left.stream().filter(words -> words.size() > size).toList();
            Map<String, Integer> counts = new HashMap<>();
            longer.forEach(words -> counts.merge(end(words, size, front), 1, Integer::sum));
            counts.values().removeIf(count -> count < few);
            all.putAll(counts);
            left = longer.stream()
                    .filter(words -> counts.containsKey(end(words, size, front)))
                    .toList();
        }
        return all;
    }

    private static String end(List<String> words, int size, boolean front) {
        return String.join(" ", front ? words.subList(0, size) : words.subList(words.size() - size, words.size()));
    }

    static String[] split(String text) {
        return text.strip().split("\\s+");
    }

    private static String systemPrompt(Sample row) {
        return row.messages().stream()
                .filter(m -> m.role() == Message.Role.SYSTEM)
                .map(Message::content)
                .filter(content -> !content.isBlank())
                .findFirst()
                .orElse("");
    }

    /** The user's last turn; empty where a row has none. */
    static String request(Sample row) {
        List<Message> asked = new ArrayList<>(row.prompt().messages());
        return !asked.isEmpty() && asked.getLast().role() == Message.Role.USER
                ? asked.getLast().content()
                : "";
    }
}
