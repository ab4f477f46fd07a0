package dev.safefinetune.trainer.tokenize.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Python's view of values. A value is a {@link String}, {@link Long}, {@link Double}, {@link java.math.BigInteger}, {@link Boolean}, {@link List},
 * {@link Map}, {@link None}, {@link Undefined}, {@link Namespace}, {@link Callable} or {@link Dated}.
 */
final class Values {
    private Values() {}

    /** A Java value as a template's. */
    static Object of(Object value) {
        return switch (value) {
            case Integer i -> i.longValue();
            case List<?> list -> list.stream().map(Values::of).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((k, v) -> copy.put(of(k), of(v)));
                yield copy;
            }
            default -> value;
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case String s -> !s.isEmpty();
            case Long n -> n != 0;
            case Double d -> d != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None n -> false;
            case Undefined u -> false;
            default -> true;
        };
    }

    /** {@code str(value)}. */
    static String text(Object value) {
        return switch (value) {
            case String s -> s;
            case Undefined u -> "";
            case Dated d -> d.text();
            default -> repr(value);
        };
    }

    /** {@code repr(value)}. */
    static String repr(Object value) {
        return switch (value) {
            case String s -> quoted(s);
            case Boolean b -> b ? "True" : "False";
            case List<?> list ->
                "[" + BoundedText.join(list.stream().map(Values::repr).iterator(), ", ") + "]";
            case Map<?, ?> map ->
                "{" + BoundedText.join(map.entrySet().stream().map(Values::repr).iterator(), ", ") + "}";
            case Undefined u -> "Undefined";
            case Callable c -> throw JinjaException.of("a function is no text");
            case Namespace n -> throw JinjaException.of("a namespace is no text");
            case Dated d -> throw Dated.misused();
            case Double d -> Json.number(d);
            default -> value.toString();
        };
    }

    private static String repr(Map.Entry<?, ?> entry) {
        return repr(Objects.requireNonNull(entry.getKey())) + ": " + repr(Objects.requireNonNull(entry.getValue()));
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                case '\\' -> quoted.append("\\\\");
                default -> quoted.append(c == quote ? "\\" : "").append(c);
            }
        }
        return quoted.append(quote).toString();
    }

    static boolean equal(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return x.doubleValue() == y.doubleValue();
        }
        return a instanceof Undefined ? b instanceof Undefined : a.equals(b);
    }

    static boolean compare(String operator, Object a, Object b) {
        return switch (operator) {
            case "==" -> equal(a, b);
            case "!=" -> !equal(a, b);
            case "in" -> contains(b, a);
            case "not in" -> !contains(b, a);
            case "<" -> order(a, b) < 0;
            case "<=" -> order(a, b) <= 0;
            case ">" -> order(a, b) > 0;
            case ">=" -> order(a, b) >= 0;
            default -> throw JinjaException.of("comparison " + operator + " is not supported");
        };
    }

    static int order(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return Double.compare(x.doubleValue(), y.doubleValue());
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        throw JinjaException.of("values of these types have no order");
    }

    private static boolean contains(Object container, Object item) {
        return switch (container) {
            case String s when item instanceof String part -> s.contains(part);
            case List<?> list -> list.stream().anyMatch(x -> equal(Objects.requireNonNull(x), item));
            case Map<?, ?> map -> map.containsKey(item);
            // Python goes through its items, and there are none.
            case Undefined u -> false;
            default -> throw JinjaException.of("'in' needs text, a list or a dict on its right");
        };
    }

    static Object arithmetic(String operator, Object a, Object b) {
        if (operator.equals("~")) {
            return BoundedText.concat(text(a), text(b));
        }
        if (a instanceof Undefined u) {
            throw u.error();
        }
        if (b instanceof Undefined u) {
            throw u.error();
        }
        if (a instanceof Long x && b instanceof Long y) {
            return whole(operator, x, y);
        }
        if (a instanceof Number x && b instanceof Number y) {
            return decimal(operator, x.doubleValue(), y.doubleValue());
        }
        return sequences(operator, a, b);
    }

    private static Object sequences(String operator, Object a, Object b) {
        if (operator.equals("+") && a instanceof String x && b instanceof String y) {
            return BoundedText.concat(x, y);
        }
        if (operator.equals("+") && a instanceof List<?> x && b instanceof List<?> y) {
            Sequences.requireFew((long) x.size() + y.size());
            List<Object> both = new ArrayList<>(x);
            both.addAll(y);
            return both;
        }
        if (operator.equals("*") && a instanceof String x && b instanceof Long n) {
            return x.repeat(repetitions(x, n));
        }
        throw JinjaException.of("'" + operator + "' does not work on values of these types");
    }

    private static int repetitions(String text, long times) {
        if (times > 10_000 || text.length() * times > 1_000_000) {
            throw JinjaException.of("a repetition is too long");
        }
        return (int) Math.max(0, times);
    }

    private static Object whole(String operator, long x, long y) {
        if (y == 0 && !"+-*".contains(operator)) {
            throw JinjaException.of("division by zero");
        }
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> (double) x / y;
            case "//" -> Math.floorDiv(x, y);
            case "%" -> Math.floorMod(x, y);
            default -> throw JinjaException.of("operator " + operator + " is not supported");
        };
    }

    private static double decimal(String operator, double x, double y) {
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> x / y;
            case "//" -> Math.floor(x / y);
            case "%" -> x - y * Math.floor(x / y);
            default -> throw JinjaException.of("operator " + operator + " is not supported");
        };
    }

    /** {@code object[key]}; nothing where there is no such item. */
    static Object item(Object object, Object key) {
        return switch (object) {
            case Undefined u -> throw u.error();
            case Map<?, ?> map when map.containsKey(key) -> Objects.requireNonNull(map.get(key));
            case List<?> list when key instanceof Long index -> Sequences.at(list, index);
            case String s when key instanceof Long index -> Sequences.at(s, index);
            case Dated d -> throw Dated.misused();
            default -> key instanceof String name ? Methods.of(object, name) : new Undefined(text(key));
        };
    }

    /** {@code object.name}: Python's attribute first, then the item. */
    static Object attribute(Object object, String name) {
        if (object instanceof Undefined u) {
            throw u.error();
        }
        if (object instanceof Namespace space) {
            return space.members().getOrDefault(name, new Undefined(name));
        }
        if (object instanceof Dated dated) {
            return dated.method(name);
        }
        Object method = Methods.of(object, name);
        return method instanceof Undefined && object instanceof Map<?, ?> ? item(object, name) : method;
    }
}
