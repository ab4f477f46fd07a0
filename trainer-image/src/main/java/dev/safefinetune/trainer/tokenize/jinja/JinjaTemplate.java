package dev.safefinetune.trainer.tokenize.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A parsed template. */
public final class JinjaTemplate {
    private static final int MAX_SOURCE = 1 << 20;
    private static final int MAX_RANGE = 100_000;

    private final List<Node> nodes;
    private final Supplier<ZonedDateTime> now;
    private final Set<String> variables = new HashSet<>();
    private final Set<String> mentioned = new HashSet<>();

    private JinjaTemplate(String source, Supplier<ZonedDateTime> now) {
        this.nodes = StatementParser.parse(source);
        this.now = now;
        Token before = new Token(Token.Kind.END, "", 0);
        for (Token token : Lexer.tokens(source)) {
            if (token.kind() == Token.Kind.NAME && !before.is(Token.Kind.OPERATOR, ".")) {
                variables.add(token.text());
            }
            if (token.kind() == Token.Kind.NAME || token.kind() == Token.Kind.STRING) {
                mentioned.add(token.text());
            }
            before = token;
        }
    }

    /**
     * A part of a text.
     *
     * @param start first UTF-16 unit
     * @param end after the last
     */
    public record Span(int start, int end) {}

    /**
     * What a template wrote.
     *
     * @param text all of it
     * @param generated what it marked by {@code {% generation %}}, in order
     */
    public record Rendering(String text, List<Span> generated) {
        public Rendering {
            generated = List.copyOf(generated);
        }
    }

    /**
     * Parses a template.
     *
     * @param now the time for {@code strftime_now}
     * @throws JinjaException naming the line and what is wrong or not supported
     */
    public static JinjaTemplate parse(String source, Supplier<ZonedDateTime> now) {
        if (source.length() > MAX_SOURCE) {
            throw JinjaException.of("the template is longer than " + MAX_SOURCE + " characters");
        }
        try {
            return new JinjaTemplate(source, now);
        } catch (StackOverflowError e) {
            throw JinjaException.of("the template is nested too deep");
        }
    }

    /**
     * Renders the template.
     *
     * @param variables text, numbers, truth values, lists and maps of these, and {@link #none()}
     * @throws JinjaException when it fails, or {@linkplain JinjaException#isRefusal() refuses} what it is given
     */
    public Rendering render(Map<String, Object> variables) {
        Scope globals = new Scope(null);
        globals.set("raise_exception", Bound.function("raise_exception", a -> {
            throw JinjaException.refused(a.text(0, "message", ""));
        }));
        globals.set("strftime_now", Bound.function("strftime_now", a -> new Dated(strftime(a.text(0, "format", "")))));
        globals.set("namespace", (Callable) JinjaTemplate::namespace);
        globals.set("dict", (Callable) a -> new LinkedHashMap<Object, Object>(a.named()));
        globals.set("range", Bound.function("range", JinjaTemplate::range));
        Scope scope = new Scope(globals);
        variables.forEach((name, value) -> scope.set(name, Values.of(value)));
        try {
            return new Renderer().render(nodes, scope);
        } catch (StackOverflowError e) {
            throw JinjaException.of("the template calls itself without end");
        }
    }

    /** Whether the template reads a variable somewhere. */
    public boolean reads(String variable) {
        return variables.contains(variable);
    }

    /** Whether the template names a member of something, such as a field of a turn. */
    public boolean mentions(String member) {
        return mentioned.contains(member);
    }

    /** Python's {@code None}, as a variable. */
    public static Object none() {
        return None.NONE;
    }

    private static Namespace namespace(Callable.Call a) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (!a.positional().isEmpty() && a.positional().getFirst() instanceof Map<?, ?> map) {
            map.forEach((k, v) -> members.put(String.valueOf(k), java.util.Objects.requireNonNull(v)));
        }
        members.putAll(a.named());
        return new Namespace(members);
    }

    private static List<Object> range(Callable.Call a) {
        List<Long> bounds = a.positional().stream().map(JinjaTemplate::whole).toList();
        long from = bounds.size() > 1 ? bounds.get(0) : 0;
        long to = bounds.size() > 1 ? bounds.get(1) : bounds.getFirst();
        long step = bounds.size() > 2 ? bounds.get(2) : 1;
        long count = count(from, to, step);
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(from + i * step);
        }
        return numbers;
    }

    private static Long whole(Object bound) {
        if (bound instanceof Long n) {
            return n;
        }
        throw JinjaException.of("a range needs whole numbers");
    }

    /** How many numbers a range has. Its bounds may lie further apart than a number can say. */
    private static long count(long from, long to, long step) {
        long span;
        long stride;
        try {
            span = step > 0 ? Math.subtractExact(to, from) : Math.subtractExact(from, to);
            stride = Math.absExact(step);
        } catch (ArithmeticException e) {
            throw tooMany();
        }
        if (stride == 0 || span > 0 && (span - 1) / stride >= MAX_RANGE) {
            throw tooMany();
        }
        return span <= 0 ? 0 : (span - 1) / stride + 1;
    }

    private static JinjaException tooMany() {
        return JinjaException.of("a range has more than " + MAX_RANGE + " numbers");
    }

    private String strftime(String format) {
        ZonedDateTime time = now.get();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char directive = format.charAt(++i);
            String pattern = switch (directive) {
                case 'd' -> "dd";
                case 'm' -> "MM";
                case 'b' -> "MMM";
                case 'B' -> "MMMM";
                case 'Y' -> "yyyy";
                case 'y' -> "yy";
                case 'A' -> "EEEE";
                case 'a' -> "EEE";
                case 'H' -> "HH";
                case 'I' -> "hh";
                case 'M' -> "mm";
                case 'S' -> "ss";
                case 'p' -> "a";
                case '%' -> "'%'";
                default -> throw JinjaException.of("strftime_now does not know '%" + directive + "'");
            };
            text.append(time.format(DateTimeFormatter.ofPattern(pattern, Locale.US)));
        }
        return text.toString();
    }
}
