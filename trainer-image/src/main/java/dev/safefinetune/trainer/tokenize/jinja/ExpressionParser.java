package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses expressions by Jinja's order of precedence, from {@code if} at the bottom to filters at the top. */
final class ExpressionParser extends TokenCursor {
    private static final int MAX_DEPTH = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and", "is", "if", "in", "not");

    private int depth;

    ExpressionParser(List<Token> tokens) {
        super(tokens);
    }

    /** A tuple without parentheses, or one expression. */
    Expr tuple() {
        Expr first = expression();
        if (!isOperator(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (takeOperator(",")) {
            items.add(expression());
        }
        return new Expr.ListOf(items);
    }

    Expr expression() {
        if (++depth > MAX_DEPTH) {
            throw error("too deeply nested");
        }
        Expr value = or();
        while (takeName("if")) {
            Expr condition = or();
            Optional<Expr> otherwise = takeName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expr.Conditional(condition, value, otherwise);
        }
        depth--;
        return value;
    }

    /** An expression that an {@code if} may follow which is not its own, as in a loop's items. */
    Expr or() {
        Expr left = and();
        while (isName("or")) {
            int line = take().line();
            left = new Expr.Binary("or", left, and(), line);
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (isName("and")) {
            int line = take().line();
            left = new Expr.Binary("and", left, not(), line);
        }
        return left;
    }

    private Expr not() {
        if (++depth > MAX_DEPTH) {
            throw error("too deeply nested");
        }
        Expr value = takeName("not") ? new Expr.Unary("not", not()) : comparison();
        depth--;
        return value;
    }

    private Expr comparison() {
        int line = peek().line();
        Expr first = sum();
        List<Map.Entry<String, Expr>> rest = new ArrayList<>();
        while (true) {
            if (peek().kind() == Kind.OPERATOR && COMPARISONS.contains(peek().text())) {
                rest.add(Map.entry(take().text(), sum()));
            } else if (takeName("in")) {
                rest.add(Map.entry("in", sum()));
            } else if (isName("not") && next().is(Kind.NAME, "in")) {
                take();
                take();
                rest.add(Map.entry("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expr.Comparison(first, rest, line);
            }
        }
    }

    private Expr sum() {
        Expr left = concatenation();
        while (peek().kind() == Kind.OPERATOR && SUMS.contains(peek().text())) {
            Token operator = take();
            left = new Expr.Binary(operator.text(), left, concatenation(), operator.line());
        }
        return left;
    }

    private Expr concatenation() {
        Expr left = product();
        while (isOperator("~")) {
            int line = take().line();
            left = new Expr.Binary("~", left, product(), line);
        }
        return left;
    }

    private Expr product() {
        Expr left = unary(true);
        while (peek().kind() == Kind.OPERATOR && PRODUCTS.contains(peek().text())) {
            Token operator = take();
            left = new Expr.Binary(operator.text(), left, unary(true), operator.line());
        }
        return left;
    }

    private Expr unary(boolean filters) {
        if (isOperator("-") || isOperator("+")) {
            Expr negated = new Expr.Unary(take().text(), unary(false));
            return filters ? filters(negated) : negated;
        }
        Expr value = postfix(primary());
        return filters ? filters(value) : value;
    }

    private Expr primary() {
        Token token = take();
        return switch (token.kind()) {
            case NAME -> named(token);
            case STRING -> strings(token);
            case INTEGER -> new Expr.Literal(Long.parseLong(token.text()));
            case FLOAT -> new Expr.Literal(Double.parseDouble(token.text()));
            case OPERATOR -> bracketed(token);
            default -> throw JinjaException.at(token.line(), "expected an expression, found '" + token.text() + "'");
        };
    }

    private static Expr named(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expr.Literal(true);
            case "false", "False" -> new Expr.Literal(false);
            case "none", "None" -> new Expr.Literal(None.NONE);
            default -> new Expr.Name(token.text(), token.line());
        };
    }

    /** Adjacent strings are one. */
    private Expr strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (peek().kind() == Kind.STRING) {
            text.append(take().text());
        }
        return new Expr.Literal(text.toString());
    }

    private Expr bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                if (takeOperator(")")) {
                    yield new Expr.ListOf(List.of());
                }
                Expr first = expression();
                if (takeOperator(")")) {
                    yield first;
                }
                expectOperator(",");
                List<Expr> items = new ArrayList<>(List.of(first));
                items.addAll(items(")"));
                yield new Expr.ListOf(items);
            }
            case "[" -> new Expr.ListOf(items("]"));
            case "{" -> dict();
            default -> throw JinjaException.at(token.line(), "expected an expression, found '" + token.text() + "'");
        };
    }

    private List<Expr> items(String end) {
        List<Expr> items = new ArrayList<>();
        while (!takeOperator(end)) {
            items.add(expression());
            if (!isOperator(end)) {
                expectOperator(",");
            }
        }
        return items;
    }

    private Expr dict() {
        List<Map.Entry<Expr, Expr>> entries = new ArrayList<>();
        while (!takeOperator("}")) {
            Expr key = expression();
            expectOperator(":");
            entries.add(Map.entry(key, expression()));
            if (!isOperator("}")) {
                expectOperator(",");
            }
        }
        return new Expr.DictOf(entries);
    }

    private Expr postfix(Expr start) {
        Expr value = start;
        while (true) {
            int line = peek().line();
            if (takeOperator(".")) {
                value = peek().kind() == Kind.INTEGER
                        ? new Expr.Item(value, primary(), line)
                        : new Expr.Attribute(value, expectName(), line);
            } else if (takeOperator("[")) {
                value = subscript(value, line);
            } else if (isOperator("(")) {
                value = new Expr.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expr subscript(Expr object, int line) {
        Optional<Expr> from = isOperator(":") ? Optional.empty() : Optional.of(expression());
        if (takeOperator("]")) {
            return new Expr.Item(object, from.orElseThrow(), line);
        }
        expectOperator(":");
        Optional<Expr> to = isOperator("]") || isOperator(":") ? Optional.empty() : Optional.of(expression());
        Optional<Expr> step = takeOperator(":") && !isOperator("]") ? Optional.of(expression()) : Optional.empty();
        expectOperator("]");
        return new Expr.Slice(object, from, to, step);
    }

    Expr.Arguments arguments() {
        expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        while (!takeOperator(")")) {
            if (peek().kind() == Kind.NAME && next().is(Kind.OPERATOR, "=")) {
                String name = take().text();
                expectOperator("=");
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!isOperator(")")) {
                expectOperator(",");
            }
        }
        return new Expr.Arguments(positional, named);
    }

    private Expr filters(Expr start) {
        Expr value = start;
        while (true) {
            int line = peek().line();
            if (takeOperator("|")) {
                String name = expectName();
                value = new Expr.Filter(value, name, isOperator("(") ? arguments() : Expr.Arguments.NONE, line);
            } else if (takeName("is")) {
                boolean negated = takeName("not");
                String name = expectName();
                value = new Expr.Test(value, name, testArguments(), negated, line);
            } else if (isOperator("(")) {
                value = new Expr.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expr.Arguments testArguments() {
        if (isOperator("(")) {
            return arguments();
        }
        boolean literal = switch (peek().kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !NO_TEST_ARGUMENT.contains(peek().text());
            case OPERATOR -> isOperator("[") || isOperator("{");
            default -> false;
        };
        return literal ? new Expr.Arguments(List.of(postfix(primary())), Map.of()) : Expr.Arguments.NONE;
    }
}
