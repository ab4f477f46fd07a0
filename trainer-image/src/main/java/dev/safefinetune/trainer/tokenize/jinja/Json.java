package dev.safefinetune.trainer.tokenize.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code json.dumps} of Python, which is what transformers' {@code tojson} is: {@code tojson(ensure_ascii=False, indent=None,
 * separators=None, sort_keys=False)}.
 */
final class Json {
    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final int indent;
    private final String between;
    private final String behindKey;
    private final boolean sorted;

    private Json(Callable.Call a) {
        this.ascii = Values.truth(a.get(0, "ensure_ascii", false));
        this.indent = a.get(1, "indent", None.NONE) instanceof Long n ? (int) Math.clamp(n, 0, 16) : -1;
        List<Object> separators =
                a.get(2, "separators", None.NONE) instanceof List<?> pair ? Sequences.items(pair) : List.of();
        boolean given = separators.size() == 2;
        this.between = given ? Values.text(separators.getFirst()) : indent < 0 ? ", " : ",";
        this.behindKey = given ? Values.text(separators.getLast()) : ": ";
        this.sorted = Values.truth(a.get(3, "sort_keys", false));
    }

    static String write(Object value, Callable.Call arguments) {
        Json json = new Json(arguments);
        json.write(value, 0);
        return json.out.toString();
    }

    /** {@code repr(float)}: the shortest digits that read back as the same, which Java finds too, in Python's form. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        String java = Double.toString(value);
        int e = java.indexOf('E');
        String digits = e < 0 ? java : java.substring(0, e);
        int exponent = e < 0 ? 0 : Integer.parseInt(java.substring(e + 1));
        if (e < 0 || exponent >= -4 && exponent < 16) {
            String plain = new BigDecimal(java).stripTrailingZeros().toPlainString();
            return e < 0 ? java : plain.contains(".") ? plain : plain + ".0";
        }
        String mantissa = digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private void write(Object value, int depth) {
        switch (value) {
            case String s -> string(s);
            case Boolean b -> out.append(b);
            case Double d -> out.append(number(d));
            case Number n -> out.append(n);
            case None n -> out.append("null");
            case List<?> list -> {
                List<Runnable> items = new ArrayList<>();
                list.forEach(x -> items.add(() -> write(Objects.requireNonNull(x), depth + 1)));
                block("[", "]", items, depth);
            }
            case Map<?, ?> map -> block("{", "}", entries(map, depth), depth);
            default -> throw JinjaException.of("a value cannot be written as JSON");
        }
    }

    private List<Runnable> entries(Map<?, ?> map, int depth) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort((a, b) -> Values.order(key(a), key(b)));
        }
        List<Runnable> items = new ArrayList<>();
        for (Map.Entry<?, ?> entry : entries) {
            items.add(() -> {
                string(Values.text(key(entry)));
                out.append(behindKey);
                write(Objects.requireNonNull(entry.getValue()), depth + 1);
            });
        }
        return items;
    }

    private static Object key(Map.Entry<?, ?> entry) {
        return Objects.requireNonNull(entry.getKey());
    }

    private void block(String open, String close, List<Runnable> items, int depth) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            BoundedText.requireLength((long) out.length() + between.length() + behindKey.length());
            out.append(i == 0 ? "" : between);
            lineBreak(depth + 1);
            items.get(i).run();
        }
        if (!items.isEmpty()) {
            lineBreak(depth);
        }
        out.append(close);
    }

    private void lineBreak(int depth) {
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private void string(String text) {
        BoundedText.requireLength((long) out.length() + text.length());
        out.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || ascii && c > 0x7e) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
