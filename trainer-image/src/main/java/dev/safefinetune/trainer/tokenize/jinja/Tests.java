package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Callable.Call;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jinja's tests: what may follow {@code is}. */
final class Tests {
    private Tests() {}

    static boolean holds(String name, Object value, Call a) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "string" -> value instanceof String;
            case "number" -> value instanceof Number;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> value instanceof List<?> || value instanceof String || value instanceof Map<?, ?>;
            case "iterable" ->
                value instanceof List<?>
                        || value instanceof String
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> whole(value) % 2 != 0;
            case "even" -> whole(value) % 2 == 0;
            case "divisibleby" -> whole(value) % whole(a.get(0, "num", 1L)) == 0;
            case "lower" -> Values.text(value).equals(Values.text(value).toLowerCase(Locale.ROOT));
            case "upper" -> Values.text(value).equals(Values.text(value).toUpperCase(Locale.ROOT));
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

    private static long whole(Object value) {
        if (value instanceof Long n) {
            return n;
        }
        throw JinjaException.of("a whole number is needed");
    }
}
