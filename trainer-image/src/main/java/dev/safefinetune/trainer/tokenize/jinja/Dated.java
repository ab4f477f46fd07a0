package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Callable.Call;
import java.util.Locale;
import java.util.Set;

/**
 * Text with a date in it. It can be written, and put together with other text, and nothing else. A template that could look at
 * it could be harmless on the day of its evaluation, and another on a later one.
 */
final class Dated {
    /** They make one text of one text, without looking whether a certain one is in it. */
    private static final Set<String> CHANGES =
            Set.of("trim", "strip", "lstrip", "rstrip", "string", "safe", "upper", "lower", "title", "capitalize");

    private static final Set<String> TESTS = Set.of(
            "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "callable");

    private final String text;

    Dated(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static JinjaException misused() {
        return JinjaException.of("the template looks at the date: a date may be written, and nothing else");
    }

    /** Text put together, one part of which is dated. */
    static Object arithmetic(String operator, Object a, Object b) {
        boolean joins =
                operator.equals("~") ? isScalar(a) && isScalar(b) : operator.equals("+") && isText(a) && isText(b);
        if (!joins) {
            throw misused();
        }
        return new Dated(BoundedText.concat(Values.text(a), Values.text(b)));
    }

    private static boolean isScalar(Object value) {
        return isText(value) || value instanceof Number || value instanceof Undefined || value instanceof None;
    }

    private static boolean isText(Object value) {
        return value instanceof String || value instanceof Dated;
    }

    /** A filter. */
    Object filtered(String name, Call a) {
        return Filters.isDefault(name) ? this : new Dated(changed(name, a));
    }

    /** A method. */
    Callable method(String name) {
        return a -> new Dated(changed(name, a));
    }

    private String changed(String name, Call a) {
        if (!CHANGES.contains(name) || !a.positional().isEmpty() || !a.named().isEmpty()) {
            throw misused();
        }
        return switch (name) {
            case "trim", "strip" -> Methods.strip(text, a, true, true);
            case "lstrip" -> Methods.strip(text, a, true, false);
            case "rstrip" -> Methods.strip(text, a, false, true);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> Methods.title(text);
            case "capitalize" -> Methods.capitalize(text);
            default -> text;
        };
    }

    /** A test: what kind of value it is may be asked. */
    static boolean holds(String name) {
        if (!TESTS.contains(name)) {
            throw misused();
        }
        return name.equals("defined") || name.equals("string");
    }

    /** Whether a call is {@code text.replace(place, dated)}: a place that a template keeps for the date. */
    static boolean isPut(Bound method, Call a) {
        return method.name().equals("replace") && isPut(a);
    }

    static boolean isPut(Call a) {
        return a.positional().size() == 2
                && a.positional().get(1) instanceof Dated
                && a.named().isEmpty();
    }

    static Object put(Budget budget, Object text, Call a) {
        if (text instanceof String whole
                && a.positional().getFirst() instanceof String place
                && a.positional().get(1) instanceof Dated dated) {
            budget.look(whole);
            budget.search(whole, place);
            Dated put = new Dated(BoundedText.replace(whole, place, dated.text, -1));
            budget.made(put);
            return put;
        }
        throw misused();
    }
}
