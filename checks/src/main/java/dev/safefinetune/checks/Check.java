package dev.safefinetune.checks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One question about a wish, answered from the wish alone: no cluster, no clock, no file.
 *
 * @param <W> what is wished
 */
@FunctionalInterface
public interface Check<W> {
    /** Everything that is wrong with it. */
    Stream<Refusal> of(W wish);

    /** Everything that some checks find wrong, in their order. */
    static <W> List<Refusal> all(List<Check<W>> checks, W wish) {
        return checks.stream().flatMap(check -> check.of(wish)).toList();
    }

    /** The first thing that some checks find wrong; the rest is not looked for. */
    static <W> Optional<Refusal> first(List<Check<W>> checks, W wish) {
        return checks.stream().flatMap(check -> check.of(wish)).findFirst();
    }
}
