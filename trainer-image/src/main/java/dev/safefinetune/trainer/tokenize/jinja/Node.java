package dev.safefinetune.trainer.tokenize.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements of a template. */
sealed interface Node {
    /** Text outside of tags. */
    record Text(String text) implements Node {}

    /** {@code {{ … }}}. */
    record Output(Expr value) implements Node {}

    /** {@code {% if %}}, with {@code elif} as an if in {@code otherwise}. */
    record If(Expr condition, List<Node> then, List<Node> otherwise) implements Node {}

    /** {@code {% for a, b in items if condition %}}. */
    record For(
            List<String> targets, Expr items, Optional<Expr> condition, List<Node> body, List<Node> otherwise, int line)
            implements Node {}

    /** {@code {% set a = b %}}, {@code {% set a, b = c %}}. */
    record Assign(List<String> targets, Expr value, int line) implements Node {}

    /** {@code {% set space.name = b %}}. */
    record AssignMember(String namespace, String name, Expr value, int line) implements Node {}

    /** {@code {% set a %}…{% endset %}}. */
    record Capture(String target, List<Node> body) implements Node {}

    /** {@code {% macro f(a, b=c) %}}. */
    record Macro(String name, List<String> parameters, Map<String, Expr> defaults, List<Node> body) implements Node {}

    /** {@code {% generation %}}: what the model is to say. */
    record Generation(List<Node> body) implements Node {}

    /** {@code {% filter f %}}. */
    record Filtered(String filter, Expr.Arguments arguments, List<Node> body, int line) implements Node {}

    /** {@code {% break %}}. */
    record Break() implements Node {}

    /** {@code {% continue %}}. */
    record Continue() implements Node {}
}
