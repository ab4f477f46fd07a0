package dev.safefinetune.trainer.tokenize.jinja;

import java.util.List;
import java.util.Map;

/**
 * Bounds what a template that is not trusted can cost. Steps alone would not: one step can compare lists that hold each other
 * thousands of times over, or copy a megabyte. So each operation is charged for what it looks at, before it looks.
 */
final class Budget {
    private static final long MAX_STEPS = 5_000_000;
    private static final long MAX_CHARACTERS = 64L << 20;

    /** Items, or some characters each. A unit takes some 100 ns at worst, and some 20 bytes where it makes something new. */
    private static final long MAX_WORK = 10_000_000;

    /** Of a conversation's rendering, which takes milliseconds. */
    private static final long MAX_NANOSECONDS = 10_000_000_000L;

    /** Of lists and dicts in one another. */
    private static final int MAX_DEPTH = 100;

    /** What a step that takes a text apart does in a unit, one that makes a new text, and one that copies or compares. */
    private static final int CHARACTERS_TAKEN_APART = 4;

    private static final int CHARACTERS_MADE = 16;
    private static final int CHARACTERS_COMPARED = 64;

    private final long end = System.nanoTime() + MAX_NANOSECONDS;
    private long steps;
    private long characters;
    private long work;

    /** One statement or expression. */
    void step() {
        if (++steps > MAX_STEPS) {
            throw JinjaException.of("the template does not come to an end");
        }
        if ((steps & 0x3f) == 0 && System.nanoTime() > end) {
            throw JinjaException.of("the template takes longer than " + MAX_NANOSECONDS / 1_000_000_000 + " s");
        }
    }

    /** Text that is written. */
    void wrote(int length) {
        characters += length;
        if (characters > MAX_CHARACTERS) {
            throw JinjaException.of("the template writes more than " + MAX_CHARACTERS + " characters");
        }
    }

    /** An operation that goes through a value once: through a text's characters, or a list's items but not what is in them. */
    void look(Object value) {
        spend(
                switch (value) {
                    case String s -> 1 + s.length() / CHARACTERS_TAKEN_APART;
                    case List<?> list -> 1 + list.size();
                    case Map<?, ?> map -> 1 + map.size();
                    case Dated d -> 1 + d.text().length() / CHARACTERS_TAKEN_APART;
                    default -> 1;
                });
    }

    /** What an operation has made: the memory for it. */
    void made(Object value) {
        switch (value) {
            case String s -> spend(s.length() / CHARACTERS_MADE);
            case Dated d -> spend(d.text().length() / CHARACTERS_MADE);
            default -> look(value);
        }
    }

    /** An operation that goes through a value and all that is in it, as often as it is in it. */
    void walk(Object value) {
        walk(value, 0);
    }

    private void walk(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw JinjaException.of("a value is nested more than " + MAX_DEPTH + " deep");
        }
        spend(1);
        switch (value) {
            case String s -> spend(s.length() / CHARACTERS_COMPARED);
            case Dated d -> throw Dated.misused();
            case List<?> list -> list.forEach(item -> walk(item, depth + 1));
            case Map<?, ?> map -> walk(map, depth);
            case Namespace space -> walk(space.members(), depth);
            case Bound method -> walk(method.self(), depth + 1);
            default -> {}
        }
    }

    private void walk(Map<?, ?> map, int depth) {
        map.forEach((key, item) -> {
            walk(key, depth + 1);
            walk(item, depth + 1);
        });
    }

    /** An operation that looks for a part everywhere in a text; at worst it compares the whole part at each place. */
    void search(String text, String part) {
        spend(1 + (long) text.length() * Math.max(1, part.length()) / CHARACTERS_COMPARED);
    }

    /** A comparison, as {@link Values#compare} makes it. */
    void compare(String operator, Object a, Object b) {
        if (a instanceof Dated || b instanceof Dated) {
            // Whether there is any text at all: there is.
            if (!operator.equals("==") && !operator.equals("!=") || !isNothing(a) && !isNothing(b)) {
                throw Dated.misused();
            }
            return;
        }
        if (!operator.endsWith("in")) {
            walk(a);
            walk(b);
        } else if (b instanceof String text && a instanceof String part) {
            search(text, part);
        } else {
            walk(a);
            if (!(b instanceof Map)) {
                walk(b);
            }
        }
    }

    private static boolean isNothing(Object value) {
        return value instanceof None || value.equals("");
    }

    /** A method or function with its arguments. */
    void call(Callable function, Callable.Call arguments) {
        if (function instanceof Bound bound) {
            look(bound.self());
            arguments(bound.self(), arguments);
        }
    }

    /** Arguments of what looks at them, and may look for them in a text. */
    void arguments(Object self, Callable.Call arguments) {
        for (Object argument : arguments.positional()) {
            argument(self, argument);
        }
        for (Object argument : arguments.named().values()) {
            argument(self, argument);
        }
    }

    private void argument(Object self, Object argument) {
        walk(argument);
        if (self instanceof String text && argument instanceof String part) {
            search(text, part);
        }
    }

    private void spend(long units) {
        work += units;
        if (work > MAX_WORK || work < 0) {
            throw JinjaException.of("the template works through more than a conversation can need");
        }
    }
}
