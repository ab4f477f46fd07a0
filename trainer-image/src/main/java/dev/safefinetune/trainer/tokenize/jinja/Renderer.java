package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs statements and gathers what they write. */
final class Renderer {
    /** How a list of statements ended. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Evaluator evaluator = new Evaluator(budget);
    private final List<Span> generated = new ArrayList<>();
    private StringBuilder out = new StringBuilder();
    private boolean dated;
    private int captures;

    JinjaTemplate.Rendering render(List<Node> nodes, Scope scope) {
        run(nodes, scope);
        return new JinjaTemplate.Rendering(out.toString(), generated);
    }

    private Flow run(List<Node> nodes, Scope scope) {
        for (Node node : nodes) {
            budget.step();
            Flow flow = run(node, scope);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Node node, Scope scope) {
        switch (node) {
            case Node.Text n -> write(n.text());
            case Node.Output n -> output(evaluator.evaluate(n.value(), scope));
            case Node.If n -> {
                return run(Values.truth(evaluator.evaluate(n.condition(), scope)) ? n.then() : n.otherwise(), scope);
            }
            case Node.For n -> loop(n, scope);
            case Node.Assign n -> assign(n.targets(), evaluator.evaluate(n.value(), scope), scope, n.line());
            case Node.AssignMember n -> assignMember(n, scope);
            case Node.Capture n -> scope.set(n.target(), capture(n.body(), new Scope(scope)));
            case Node.Macro n -> scope.set(n.name(), macro(n, scope));
            case Node.Filtered n ->
                output(Filters.apply(
                        budget,
                        n.filter(),
                        capture(n.body(), new Scope(scope)),
                        evaluator.arguments(n.arguments(), scope)));
            case Node.Generation n -> {
                int start = out.length();
                run(n.body(), scope);
                if (captures == 0) {
                    generated.add(new Span(start, out.length()));
                }
            }
            case Node.Break n -> {
                return Flow.BREAK;
            }
            case Node.Continue n -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private void write(String text) {
        budget.wrote(text.length());
        out.append(text);
    }

    private void output(Object value) {
        if (value instanceof Dated) {
            dated = true;
        } else {
            budget.walk(value);
        }
        write(Values.text(value));
    }

    private List<Object> items(Object value) {
        budget.look(value);
        return Sequences.items(value);
    }

    /** Text that is kept; with a date in it, if one was written. */
    private Object capture(List<Node> nodes, Scope scope) {
        StringBuilder outer = out;
        boolean outerDated = dated;
        dated = false;
        out = new StringBuilder();
        captures++;
        try {
            run(nodes, scope);
            return dated ? new Dated(out.toString()) : out.toString();
        } finally {
            out = outer;
            dated = outerDated;
            captures--;
        }
    }

    private static void assign(List<String> targets, Object value, Scope scope, int line) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return;
        }
        if (!(value instanceof List<?> values) || values.size() != targets.size()) {
            throw JinjaException.at(line, "needs " + targets.size() + " values");
        }
        for (int i = 0; i < targets.size(); i++) {
            scope.set(targets.get(i), Objects.requireNonNull(values.get(i)));
        }
    }

    private void assignMember(Node.AssignMember n, Scope scope) {
        if (!(scope.get(n.namespace()) instanceof Namespace space)) {
            throw JinjaException.at(n.line(), "only a namespace's members can be set");
        }
        space.members().put(n.name(), evaluator.evaluate(n.value(), scope));
    }

    private void loop(Node.For n, Scope scope) {
        List<Object> items = located(n, scope);
        if (n.condition().isPresent()) {
            Expr condition = n.condition().get();
            items = items.stream()
                    .filter(item -> {
                        Scope inner = new Scope(scope);
                        assign(n.targets(), item, inner, n.line());
                        return Values.truth(evaluator.evaluate(condition, inner));
                    })
                    .toList();
        }
        if (items.isEmpty()) {
            run(n.otherwise(), scope);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            Scope inner = new Scope(scope);
            assign(n.targets(), items.get(i), inner, n.line());
            inner.set("loop", loopVariable(items, i));
            if (run(n.body(), inner) == Flow.BREAK) {
                return;
            }
        }
    }

    private List<Object> located(Node.For n, Scope scope) {
        try {
            return items(evaluator.evaluate(n.items(), scope));
        } catch (JinjaException e) {
            String message = String.valueOf(e.getMessage());
            throw e.isRefusal() || message.startsWith("line ") ? e : JinjaException.at(n.line(), message);
        }
    }

    private static Map<Object, Object> loopVariable(List<Object> items, int i) {
        int size = items.size();
        Map<Object, Object> loop = new HashMap<>();
        loop.put("index", i + 1L);
        loop.put("index0", (long) i);
        loop.put("revindex", (long) size - i);
        loop.put("revindex0", size - i - 1L);
        loop.put("first", i == 0);
        loop.put("last", i == size - 1);
        loop.put("length", (long) size);
        if (i > 0) {
            loop.put("previtem", items.get(i - 1));
        }
        if (i < size - 1) {
            loop.put("nextitem", items.get(i + 1));
        }
        loop.put("cycle", (Callable) a -> a.positional().get(i % a.positional().size()));
        return loop;
    }

    private Callable macro(Node.Macro n, Scope scope) {
        return a -> {
            Scope inner = new Scope(scope);
            for (int i = 0; i < n.parameters().size(); i++) {
                String name = n.parameters().get(i);
                Expr fallback = n.defaults().get(name);
                Object missing = fallback == null ? new Undefined(name) : evaluator.evaluate(fallback, scope);
                inner.set(name, a.get(i, name, missing));
            }
            return capture(n.body(), inner);
        };
    }
}
