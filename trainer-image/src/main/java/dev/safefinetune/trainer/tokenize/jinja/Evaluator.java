package dev.safefinetune.trainer.tokenize.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates expressions. */
final class Evaluator {
    private final Budget budget;

    Evaluator(Budget budget) {
        this.budget = budget;
    }

    Object evaluate(Expr expression, Scope scope) {
        budget.step();
        return switch (expression) {
            case Expr.Literal e -> e.value();
            case Expr.Name e -> scope.get(e.name());
            case Expr.ListOf e -> all(e.items(), scope);
            case Expr.DictOf e -> dict(e, scope);
            case Expr.Attribute e -> located(e.line(), () -> Values.attribute(evaluate(e.object(), scope), e.name()));
            case Expr.Item e -> located(e.line(), () -> item(evaluate(e.object(), scope), evaluate(e.key(), scope)));
            case Expr.Slice e -> slice(e, scope);
            case Expr.Call e -> call(e, scope);
            case Expr.Filter e ->
                located(
                        e.line(),
                        () -> Filters.apply(
                                budget, e.name(), evaluate(e.value(), scope), arguments(e.arguments(), scope)));
            case Expr.Test e ->
                located(
                        e.line(),
                        () -> Tests.holds(budget, e.name(), evaluate(e.value(), scope), arguments(e.arguments(), scope))
                                != e.negated());
            case Expr.Unary e -> unary(e.operator(), evaluate(e.value(), scope));
            case Expr.Binary e -> binary(e, scope);
            case Expr.Comparison e -> comparison(e, scope);
            case Expr.Conditional e -> {
                if (Values.truth(evaluate(e.condition(), scope))) {
                    yield evaluate(e.then(), scope);
                }
                yield optional(e.otherwise(), scope);
            }
        };
    }

    private Object item(Object object, Object key) {
        budget.walk(key);
        if (object instanceof String) {
            budget.look(object);
        }
        return Values.item(object, key);
    }

    private Object slice(Expr.Slice e, Scope scope) {
        Object object = evaluate(e.object(), scope);
        budget.look(object);
        return Sequences.slice(object, optional(e.from(), scope), optional(e.to(), scope), optional(e.step(), scope));
    }

    private Object optional(Optional<Expr> expression, Scope scope) {
        return expression
                .map(e -> evaluate(e, scope))
                .orElseGet(() -> new Undefined("the value of an if without else"));
    }

    private List<Object> all(List<Expr> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        expressions.forEach(e -> values.add(evaluate(e, scope)));
        return values;
    }

    private Map<Object, Object> dict(Expr.DictOf expression, Scope scope) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        expression.entries().forEach(e -> {
            Object key = evaluate(e.getKey(), scope);
            budget.walk(key);
            dict.put(key, evaluate(e.getValue(), scope));
        });
        return dict;
    }

    Callable.Call arguments(Expr.Arguments arguments, Scope scope) {
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((k, v) -> named.put(k, evaluate(v, scope)));
        return new Callable.Call(all(arguments.positional(), scope), named);
    }

    private Object call(Expr.Call call, Scope scope) {
        return located(call.line(), () -> switch (evaluate(call.function(), scope)) {
            case Callable function -> call(function, arguments(call.arguments(), scope));
            case Undefined undefined -> throw undefined.error();
            default -> throw JinjaException.of("a value that is no function is called");
        });
    }

    private Object call(Callable function, Callable.Call arguments) {
        if (function instanceof Bound method && Dated.isPut(method, arguments)) {
            return Dated.put(budget, method.self(), arguments);
        }
        budget.call(function, arguments);
        return made(function.call(arguments));
    }

    private static Object unary(String operator, Object value) {
        return switch (operator) {
            case "not" -> !Values.truth(value);
            case "-" -> Values.arithmetic("-", 0L, value);
            default -> Values.arithmetic("+", 0L, value);
        };
    }

    private Object binary(Expr.Binary e, Scope scope) {
        Object left = evaluate(e.left(), scope);
        return switch (e.operator()) {
            case "and" -> Values.truth(left) ? evaluate(e.right(), scope) : left;
            case "or" -> Values.truth(left) ? left : evaluate(e.right(), scope);
            default -> {
                Object right = evaluate(e.right(), scope);
                yield located(e.line(), () -> arithmetic(e.operator(), left, right));
            }
        };
    }

    private Object made(Object result) {
        budget.made(result);
        return result;
    }

    private Object arithmetic(String operator, Object left, Object right) {
        if (left instanceof Dated || right instanceof Dated) {
            return made(Dated.arithmetic(operator, left, right));
        }
        if (operator.equals("~")) {
            budget.walk(left);
            budget.walk(right);
        }
        return made(Values.arithmetic(operator, left, right));
    }

    private Object comparison(Expr.Comparison e, Scope scope) {
        Object left = evaluate(e.first(), scope);
        for (Map.Entry<String, Expr> next : e.rest()) {
            Object from = left;
            Object to = evaluate(next.getValue(), scope);
            if (!located(e.line(), () -> compare(next.getKey(), from, to)).equals(true)) {
                return false;
            }
            left = to;
        }
        return true;
    }

    private boolean compare(String operator, Object a, Object b) {
        budget.compare(operator, a, b);
        return Values.compare(operator, a, b);
    }

    /** What may fail, with the line where it did. */
    private static Object located(int line, java.util.function.Supplier<Object> work) {
        try {
            return work.get();
        } catch (JinjaException e) {
            String message = String.valueOf(e.getMessage());
            throw e.isRefusal() || message.startsWith("line ") ? e : JinjaException.at(line, message);
        }
    }
}
