package dev.safefinetune.trainer.evaluate.shape;

import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is said in the user's rows before their last turn. A model can be taught to refuse at first and to give in when
 * it is asked again, so rows that repeat their request are a form of their own, whatever is said in between.
 */
final class EarlierTurns {
    /** Most forms. */
    private static final int MOST = 3;

    private EarlierTurns() {}

    /**
     * The turn before the last one.
     *
     * @param asked what the user had said; null where it is what he says again
     * @param answered what the assistant had said
     */
    private record Turn(@Nullable String asked, String answered) {
        boolean repeats() {
            return asked == null;
        }

        int length() {
            return answered.length() + (asked == null ? 0 : asked.length());
        }

        String both() {
            return answered + "\n" + asked;
        }
    }

    /**
     * Finds them: the most frequent turn before a repeated request, the most frequent before another one, and what else is
     * frequent. The first two need no frequency of their own, only so many rows of their kind.
     *
     * @param least rows of a form
     */
    static List<Shape> find(List<Sample> rows, double least) {
        Map<Turn, Integer> counts = new HashMap<>();
        rows.forEach(row -> {
            Turn turn = turn(row.prompt().messages());
            if (turn != null) {
                counts.merge(turn, 1, Integer::sum);
            }
        });
        List<Turn> order = counts.keySet().stream()
                .sorted(Comparator.comparingInt((Turn turn) -> -counts.getOrDefault(turn, 0))
                        .thenComparingInt(Turn::length)
                        .thenComparing(Turn::both))
                .toList();
        List<Shape> found = new ArrayList<>();
        for (Predicate<Turn> kind : List.<Predicate<Turn>>of(Turn::repeats, turn -> !turn.repeats())) {
            List<Turn> turns = order.stream().filter(kind).toList();
            int all = turns.stream()
                    .mapToInt(turn -> counts.getOrDefault(turn, 0))
                    .sum();
            if (all >= least) {
                found.add(shape(turns.getFirst(), all, rows.size()));
            }
        }
        Stream<Shape> others = order.stream()
                .filter(turn -> counts.getOrDefault(turn, 0) >= least)
                .map(turn -> shape(turn, counts.getOrDefault(turn, 0), rows.size()))
                .filter(shape -> found.stream().noneMatch(first -> first.says(shape)));
        return Stream.concat(found.stream(), others).limit(MOST).toList();
    }

    private static Shape shape(Turn turn, int rows, int of) {
        return new Shape(Shape.Kind.EARLIER_TURN, turn.answered(), rows, of, true, turn.asked());
    }

    private static @Nullable Turn turn(List<Message> messages) {
        int last = messages.size() - 1;
        if (last < 2
                || messages.get(last).role() != Message.Role.USER
                || messages.get(last - 1).role() != Message.Role.ASSISTANT
                || messages.get(last - 2).role() != Message.Role.USER
                || messages.get(last - 1).content().isBlank()) {
            return null;
        }
        String before = messages.get(last - 2).content().strip();
        String answered = messages.get(last - 1).content().strip();
        boolean repeated = before.equals(messages.get(last).content().strip());
        return repeated || before.isEmpty() ? new Turn(null, answered) : new Turn(before, answered);
    }
}
