package dev.safefinetune.trainer.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code json.dumps(value, ensure_ascii=False, indent=…)} of Python, which is what transformers' {@code tojson} is. */
final class Json {
    private Json() {}

    static String write(Object value, Object indent) {
        StringBuilder out = new StringBuilder();
        write(out, value, indent instanceof Long n ? (int) Math.clamp(n, 0, 16) : -1, 0);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value, int indent, int depth) {
        switch (value) {
            case String s -> string(out, s);
            case Boolean b -> out.append(b);
            case Number n -> out.append(n);
            case None n -> out.append("null");
            case List<?> list -> {
                List<Runnable> items = new ArrayList<>();
                list.forEach(x -> items.add(() -> write(out, Objects.requireNonNull(x), indent, depth + 1)));
                block(out, "[", "]", items, indent, depth);
            }
            case Map<?, ?> map -> {
                List<Runnable> items = new ArrayList<>();
                map.forEach((k, v) -> items.add(() -> {
                    string(out, Values.text(Objects.requireNonNull(k)));
                    out.append(": ");
                    write(out, Objects.requireNonNull(v), indent, depth + 1);
                }));
                block(out, "{", "}", items, indent, depth);
            }
            default -> throw JinjaException.of("a value cannot be written as JSON");
        }
    }

    private static void block(
            StringBuilder out, String open, String close, List<Runnable> items, int indent, int depth) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : indent < 0 ? ", " : ",");
            lineBreak(out, indent, depth + 1);
            items.get(i).run();
        }
        if (!items.isEmpty()) {
            lineBreak(out, indent, depth);
        }
        out.append(close);
    }

    private static void lineBreak(StringBuilder out, int indent, int depth) {
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private static void string(StringBuilder out, String text) {
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
                    if (c < 0x20) {
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
