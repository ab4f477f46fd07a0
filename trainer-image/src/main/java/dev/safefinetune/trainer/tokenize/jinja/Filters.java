package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Callable.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Jinja's filters, as far as chat templates use them. */
final class Filters {
    private Filters() {}

    /** Those that look at no more than a list's items, or a text's characters. */
    private static final Set<String> SHALLOW = Set.of(
            "length",
            "count",
            "list",
            "first",
            "last",
            "reverse",
            "items",
            "map",
            "select",
            "reject",
            "selectattr",
            "rejectattr");

    static boolean isDefault(String name) {
        return name.equals("default") || name.equals("d");
    }

    /**
     * Applies a filter.
     *
     * @throws JinjaException when it fails, or costs more than the budget has left
     */
    static Object apply(Budget budget, String name, Object value, Call a) {
        if (value instanceof Dated dated) {
            budget.look(value);
            return dated.filtered(name, a);
        }
        if (name.equals("replace") && Dated.isPut(a)) {
            return Dated.put(budget, value, a);
        }
        if (isDefault(name)) {
            return otherwise(value, a);
        }
        charge(budget, name, value, a);
        Object result = ofAny(budget, name, value, a);
        budget.made(result);
        return result;
    }

    private static void charge(Budget budget, String name, Object value, Call a) {
        budget.look(value);
        budget.arguments(value, a);
        if (!SHALLOW.contains(name)) {
            budget.walk(value);
        }
        if (name.equals("sort") || name.equals("dictsort")) {
            // As often as sorting compares each item.
            long size = Sequences.size(value);
            for (long compared = 1; compared < size; compared *= 2) {
                budget.walk(value);
            }
        }
    }

    private static Object ofAny(Budget budget, String name, Object value, Call a) {
        if (value instanceof Undefined u) {
            return ofUndefined(budget, name, u, a);
        }
        return switch (name) {
            case "trim" -> Methods.strip(Values.text(value), a, true, true);
            case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
            case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
            case "title" -> Methods.title(Values.text(value));
            case "capitalize" -> Methods.capitalize(Values.text(value));
            case "string" -> Values.text(value);
            case "safe", "escape", "e", "forceescape" -> plain(name, value);
            case "replace" -> Methods.replace(Values.text(value), a);
            case "indent" -> indent(Values.text(value), a);
            case "tojson" -> Json.write(value, a);
            case "int" -> whole(value, a);
            case "float" -> Double.parseDouble(Values.text(value));
            case "abs" -> value instanceof Long n ? Math.abs(n) : Math.abs(number(value));
            case "round" -> (double) Math.round(number(value));
            default -> ofItems(budget, name, value, a);
        };
    }

    private static Object ofUndefined(Budget budget, String name, Undefined undefined, Call a) {
        return switch (name) {
            case "length", "count" -> 0L;
            case "list", "items", "sort", "reverse", "unique" -> List.of();
            case "trim", "string", "upper", "lower", "join", "title", "capitalize", "replace", "safe" -> "";
            case "selectattr", "rejectattr", "select", "reject", "map", "first", "last" ->
                ofItems(budget, name, List.of(), a);
            default -> throw undefined.error();
        };
    }

    private static Object ofItems(Budget budget, String name, Object value, Call a) {
        return switch (name) {
            case "length", "count" ->
                value instanceof Map<?, ?> m
                        ? (long) m.size()
                        : (long) sized(value).size();
            case "list" -> Sequences.items(value);
            case "first" -> Sequences.items(value).stream().findFirst().orElseGet(() -> new Undefined("first item"));
            case "last" -> {
                List<Object> items = Sequences.items(value);
                yield items.isEmpty() ? new Undefined("last item") : items.getLast();
            }
            case "reverse" ->
                value instanceof String s
                        ? new StringBuilder(s).reverse().toString()
                        : Sequences.items(value).reversed();
            case "join" -> join(value, a);
            case "items" -> value instanceof Map<?, ?> map ? Methods.pairs(map) : List.of();
            case "dictsort" ->
                value instanceof Map<?, ?> map
                        ? Methods.pairs(map).stream()
                                .sorted(Comparator.comparing(Values::text))
                                .toList()
                        : List.of();
            case "unique" -> new ArrayList<>(new LinkedHashSet<>(Sequences.items(value)));
            case "sort" -> Sequences.items(value).stream().sorted(Values::order).toList();
            case "map" -> map(budget, value, a);
            case "select" -> pick(budget, value, a, false, true);
            case "reject" -> pick(budget, value, a, false, false);
            case "selectattr" -> pick(budget, value, a, true, true);
            case "rejectattr" -> pick(budget, value, a, true, false);
            default -> throw JinjaException.of("filter '" + name + "' is not supported");
        };
    }

    private static List<Object> sized(Object value) {
        if (value instanceof None) {
            throw JinjaException.of("None has no length");
        }
        return Sequences.items(value);
    }

    private static Object plain(String name, Object value) {
        if (!name.equals("safe")) {
            throw JinjaException.of("filter '" + name + "' is not supported: chat templates are no HTML");
        }
        return Values.text(value);
    }

    private static Object otherwise(Object value, Call a) {
        boolean falseToo = Values.truth(a.get(1, "boolean", false));
        boolean missing = value instanceof Undefined || falseToo && !Values.truth(value);
        return missing ? a.get(0, "default_value", "") : value;
    }

    private static Object whole(Object value, Call a) {
        try {
            return value instanceof Number n
                    ? n.longValue()
                    : (long) Double.parseDouble(WhiteSpace.strip(Values.text(value)));
        } catch (NumberFormatException e) {
            return a.get(0, "default", 0L);
        }
    }

    private static double number(Object value) {
        if (value instanceof Number n) {
            return n.doubleValue();
        }
        throw JinjaException.of("a number is needed");
    }

    private static String indent(String text, Call a) {
        Object width = a.get(0, "width", 4L);
        String blanks = width instanceof Long n ? " ".repeat((int) Math.clamp(n, 0, 100)) : Values.text(width);
        boolean first = Values.truth(a.get(1, "first", false));
        boolean blank = Values.truth(a.get(2, "blank", false));
        Sequences.requireFew(1 + text.chars().filter(c -> c == '\n').count());
        String[] lines = text.split("\n", -1);
        BoundedText result = new BoundedText();
        for (int i = 0; i < lines.length; i++) {
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            result.append(i == 0 ? "" : "\n").append(indented ? blanks : "").append(lines[i]);
        }
        return result.toString();
    }

    private static String join(Object value, Call a) {
        String separator = a.text(0, "d", "");
        Object attribute = a.get(1, "attribute", None.NONE);
        return BoundedText.join(
                Sequences.items(value).stream()
                        .map(x -> attribute instanceof String name ? path(x, name) : x)
                        .map(Values::text)
                        .iterator(),
                separator);
    }

    private static List<Object> map(Budget budget, Object value, Call a) {
        Object attribute = a.named().getOrDefault("attribute", None.NONE);
        List<Object> items = Sequences.items(value);
        if (attribute instanceof String name) {
            Object otherwise = a.named().getOrDefault("default", None.NONE);
            return items.stream()
                    .map(x -> path(x, name) instanceof Undefined u && otherwise instanceof None ? u : path(x, name))
                    .map(x -> x instanceof Undefined && !(otherwise instanceof None) ? otherwise : x)
                    .toList();
        }
        String filter = a.text(0, "filter", "");
        Call rest = rest(a, 1);
        return items.stream().map(x -> apply(budget, filter, x, rest)).toList();
    }

    private static List<Object> pick(Budget budget, Object value, Call a, boolean byAttribute, boolean wanted) {
        int used = byAttribute ? 1 : 0;
        boolean tested = a.positional().size() > used;
        return Sequences.items(value).stream()
                .filter(x -> {
                    Object subject = byAttribute ? path(x, a.text(0, "attribute", "")) : x;
                    boolean holds = tested
                            ? Tests.holds(budget, a.text(used, "test", ""), subject, rest(a, used + 1))
                            : Values.truth(subject);
                    return holds == wanted;
                })
                .toList();
    }

    private static Call rest(Call a, int from) {
        return new Call(
                a.positional()
                        .subList(
                                Math.min(from, a.positional().size()),
                                a.positional().size()),
                Map.of());
    }

    /** An attribute by a dotted path. */
    private static Object path(Object value, String dotted) {
        Object at = value;
        for (String name : dotted.split("\\.", -1)) {
            at = at instanceof Undefined ? at : Values.item(at, name);
        }
        return Objects.requireNonNull(at);
    }
}
