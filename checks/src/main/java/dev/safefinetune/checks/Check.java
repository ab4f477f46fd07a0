package dev.safefinetune.checks;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One question about a wish, answered from the wish alone: no cluster, no clock, no file.
 *
 * @param says what is right, a sentence for the documentation
 * @param question finds everything that is wrong with it
 * @param <W> what is wished
 */
public record Check<W>(String says, Function<W, Stream<Refusal>> question) {
    /** Everything that is wrong with it. */
    public Stream<Refusal> of(W wish) {
        return question.apply(wish);
    }

    /** Everything that some checks find wrong, in their order. */
    public static <W> List<Refusal> all(List<Check<W>> checks, W wish) {
        return checks.stream().flatMap(check -> check.of(wish)).toList();
    }

    /** The first thing that some checks find wrong; the rest is not looked for. */
    public static <W> Optional<Refusal> first(List<Check<W>> checks, W wish) {
        return checks.stream().flatMap(check -> check.of(wish)).findFirst();
    }
}
