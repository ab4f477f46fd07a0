package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Callable.Call;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Jinja's tests: what may follow {@code is}. */
final class Tests {
    private static final Set<String> COMPARING =
            Set.of("equalto", "eq", "ne", "gt", "greaterthan", "ge", "lt", "lessthan", "le", "in");

    private Tests() {}

    static boolean holds(Budget budget, String name, Object value, Call a) {
        if (value instanceof Dated) {
            return Dated.holds(name);
        }
        if (COMPARING.contains(name)) {
            budget.compare(name.equals("in") ? "in" : "==", value, a.get(0, "other", a.get(0, "seq", None.NONE)));
        } else if (name.equals("lower") || name.equals("upper")) {
            budget.walk(value);
            budget.look(value);
        }
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "string" -> value instanceof String;
            case "number" -> value instanceof Number;
            case "integer" -> value instanceof Long || value instanceof BigInteger;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence", "iterable" ->
                value instanceof List<?>
                        || value instanceof String
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> whole(value) % 2 != 0;
            case "even" -> whole(value) % 2 == 0;
            case "divisibleby" -> whole(value) % whole(a.get(0, "num", 1L)) == 0;
            case "lower" -> isCased(Values.text(value).toLowerCase(Locale.ROOT), Values.text(value));
            case "upper" -> isCased(Values.text(value).toUpperCase(Locale.ROOT), Values.text(value));
            case "equalto", "eq" -> Values.equal(value, a.get(0, "other", None.NONE));
            case "ne" -> !Values.equal(value, a.get(0, "other", None.NONE));
            case "gt", "greaterthan" -> Values.order(value, a.get(0, "other", None.NONE)) > 0;
            case "ge" -> Values.order(value, a.get(0, "other", None.NONE)) >= 0;
            case "lt", "lessthan" -> Values.order(value, a.get(0, "other", None.NONE)) < 0;
            case "le" -> Values.order(value, a.get(0, "other", None.NONE)) <= 0;
            case "in" -> Values.compare("in", value, a.get(0, "seq", List.of()));
            default -> throw JinjaException.of("test '" + name + "' is not supported");
        };
    }

    /** Whether a text is in a case, and has letters that could be in the other. */
    private static boolean isCased(String inCase, String text) {
        return text.equals(inCase) && !text.toUpperCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT));
    }

    private static long whole(Object value) {
        if (value instanceof Long n) {
            return n;
        }
        throw JinjaException.of("a whole number is needed");
    }
}
