package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses a template's tokens into statements; a statement that chat templates have no use for is refused by name. */
final class StatementParser {
    private static final int MAX_DEPTH = 100;

    private final ExpressionParser expressions;
    private int depth;

    private StatementParser(List<Token> tokens) {
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Node> parse(String source) {
        StatementParser parser = new StatementParser(Lexer.tokens(source));
        List<Node> nodes = parser.until(Set.of());
        if (parser.expressions.peek().kind() != Kind.END) {
            throw parser.expressions.error("unexpected end tag");
        }
        return nodes;
    }

    /** Statements up to a block tag with one of these names, which is left with its name taken. */
    private List<Node> until(Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw expressions.error("too deeply nested");
        }
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = expressions.peek();
            switch (token.kind()) {
                case DATA -> nodes.add(new Node.Text(expressions.take().text()));
                case VARIABLE_BEGIN -> {
                    expressions.take();
                    nodes.add(new Node.Output(expressions.tuple()));
                    expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    expressions.take();
                    if (ends.contains(expressions.peek().text())) {
                        depth--;
                        return nodes;
                    }
                    nodes.add(statement());
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw expressions.error("expected " + String.join(" or ", ends));
                    }
                    depth--;
                    return nodes;
                }
            }
        }
    }

    private Node statement() {
        int line = expressions.peek().line();
        String name = expressions.expectName();
        return switch (name) {
            case "if" -> ifStatement();
            case "for" -> forStatement(line);
            case "set" -> setStatement(line);
            case "macro" -> macro();
            case "generation" -> {
                expect(Kind.BLOCK_END);
                yield new Node.Generation(body("endgeneration"));
            }
            case "filter" -> {
                String filter = expressions.expectName();
                Expr.Arguments arguments = expressions.isOperator("(") ? expressions.arguments() : Expr.Arguments.NONE;
                expect(Kind.BLOCK_END);
                yield new Node.Filtered(filter, arguments, body("endfilter"), line);
            }
            case "break" -> {
                expect(Kind.BLOCK_END);
                yield new Node.Break();
            }
            case "continue" -> {
                expect(Kind.BLOCK_END);
                yield new Node.Continue();
            }
            default -> throw JinjaException.at(line, "statement '" + name + "' is not supported");
        };
    }

    private Node ifStatement() {
        Expr condition = expressions.tuple();
        expect(Kind.BLOCK_END);
        List<Node> then = until(Set.of("elif", "else", "endif"));
        String end = expressions.take().text();
        if (end.equals("elif")) {
            return new Node.If(condition, then, List.of(ifStatement()));
        }
        expect(Kind.BLOCK_END);
        return new Node.If(condition, then, end.equals("else") ? body("endif") : List.of());
    }

    private Node forStatement(int line) {
        List<String> targets = targets();
        if (!expressions.takeName("in")) {
            throw expressions.error("expected 'in'");
        }
        Expr items = expressions.or();
        Optional<Expr> condition =
                expressions.takeName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (expressions.isName("recursive")) {
            throw expressions.error("a recursive loop is not supported");
        }
        expect(Kind.BLOCK_END);
        List<Node> body = until(Set.of("else", "endfor"));
        boolean otherwise = expressions.take().text().equals("else");
        expect(Kind.BLOCK_END);
        return new Node.For(targets, items, condition, body, otherwise ? body("endfor") : List.of(), line);
    }

    private List<String> targets() {
        boolean parenthesis = expressions.takeOperator("(");
        List<String> targets = new ArrayList<>(List.of(expressions.expectName()));
        while (expressions.takeOperator(",")) {
            targets.add(expressions.expectName());
        }
        if (parenthesis) {
            expressions.expectOperator(")");
        }
        return targets;
    }

    private Node setStatement(int line) {
        List<String> targets = targets();
        if (targets.size() == 1 && expressions.takeOperator(".")) {
            String member = expressions.expectName();
            expressions.expectOperator("=");
            Expr value = expressions.tuple();
            expect(Kind.BLOCK_END);
            return new Node.AssignMember(targets.getFirst(), member, value, line);
        }
        if (expressions.takeOperator("=")) {
            Expr value = expressions.tuple();
            expect(Kind.BLOCK_END);
            return new Node.Assign(targets, value, line);
        }
        expect(Kind.BLOCK_END);
        return new Node.Capture(targets.getFirst(), body("endset"));
    }

    private Node macro() {
        String name = expressions.expectName();
        List<String> parameters = new ArrayList<>();
        Map<String, Expr> defaults = new LinkedHashMap<>();
        expressions.expectOperator("(");
        while (!expressions.takeOperator(")")) {
            String parameter = expressions.expectName();
            parameters.add(parameter);
            if (expressions.takeOperator("=")) {
                defaults.put(parameter, expressions.expression());
            }
            if (!expressions.isOperator(")")) {
                expressions.expectOperator(",");
            }
        }
        expect(Kind.BLOCK_END);
        return new Node.Macro(name, parameters, defaults, body("endmacro"));
    }

    private List<Node> body(String end) {
        List<Node> nodes = until(Set.of(end));
        expressions.take();
        if (end.equals("endmacro") && expressions.peek().kind() == Kind.NAME) {
            expressions.take();
        }
        expect(Kind.BLOCK_END);
        return nodes;
    }

    private void expect(Kind kind) {
        if (expressions.peek().kind() != kind) {
            throw expressions.error("expected the end of the tag");
        }
        expressions.take();
    }
}
