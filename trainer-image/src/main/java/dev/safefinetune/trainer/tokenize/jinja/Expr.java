package dev.safefinetune.trainer.tokenize.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Expressions of a template. */
sealed interface Expr {
    /** A constant: text, whole or decimal number, truth value or none. */
    record Literal(Object value) implements Expr {}

    /** A variable. */
    record Name(String name, int line) implements Expr {}

    /** {@code [a, b]} or {@code (a, b)}. */
    record ListOf(List<Expr> items) implements Expr {}

    /** {@code {'a': b}}. */
    record DictOf(List<Map.Entry<Expr, Expr>> entries) implements Expr {}

    /** {@code a.b}. */
    record Attribute(Expr object, String name, int line) implements Expr {}

    /** {@code a[b]}. */
    record Item(Expr object, Expr key, int line) implements Expr {}

    /** {@code a[from:to:step]}. */
    record Slice(Expr object, Optional<Expr> from, Optional<Expr> to, Optional<Expr> step) implements Expr {}

    /** {@code f(a, b=c)}. */
    record Call(Expr function, Arguments arguments, int line) implements Expr {}

    /** {@code a | f(b)}. */
    record Filter(Expr value, String name, Arguments arguments, int line) implements Expr {}

    /** {@code a is f b}, {@code a is not f b}. */
    record Test(Expr value, String name, Arguments arguments, boolean negated, int line) implements Expr {}

    /** {@code not a}, {@code -a}, {@code +a}. */
    record Unary(String operator, Expr value) implements Expr {}

    /** {@code a + b} and all others with two sides. */
    record Binary(String operator, Expr left, Expr right, int line) implements Expr {}

    /** {@code a < b < c}. */
    record Comparison(Expr first, List<Map.Entry<String, Expr>> rest, int line) implements Expr {}

    /** {@code a if b else c}. */
    record Conditional(Expr condition, Expr then, Optional<Expr> otherwise) implements Expr {}

    /** What stands between the parentheses of a call. */
    record Arguments(List<Expr> positional, Map<String, Expr> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
