package dev.safefinetune.trainer.tokenize.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Python's methods of text and dicts, as far as templates call them; none of them changes its object. */
final class Methods {
    private static final Pattern LINE_END = Pattern.compile("\\r\\n|[\\n\\x0b\\f\\r\\x1c-\\x1e\\x85\\u2028\\u2029]");

    private Methods() {}

    /** The method, bound to its object; undefined where there is none. */
    static Object of(Object object, String name) {
        Object method = switch (object) {
            case String s -> ofText(s, name);
            case Map<?, ?> map -> ofDict(map, name);
            default -> new Undefined(name);
        };
        return method instanceof Callable function ? new Bound(object, name, function) : method;
    }

    private static Object ofDict(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> (Callable) a -> pairs(map);
            case "keys" -> (Callable) a -> new ArrayList<Object>(map.keySet());
            case "values" -> (Callable) a -> new ArrayList<Object>(map.values());
            case "get" ->
                (Callable) a -> {
                    Object value = map.get(a.get(0, "key", None.NONE));
                    return value == null ? a.get(1, "default", None.NONE) : value;
                };
            default -> new Undefined(name);
        };
    }

    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((k, v) -> pairs.add(List.of(Objects.requireNonNull(k), Objects.requireNonNull(v))));
        return pairs;
    }

    private static Object ofText(String s, String name) {
        return switch (name) {
            case "strip" -> (Callable) a -> strip(s, a, true, true);
            case "lstrip" -> (Callable) a -> strip(s, a, true, false);
            case "rstrip" -> (Callable) a -> strip(s, a, false, true);
            case "upper" -> (Callable) a -> s.toUpperCase(Locale.ROOT);
            case "lower" -> (Callable) a -> s.toLowerCase(Locale.ROOT);
            case "title" -> (Callable) a -> title(s);
            case "capitalize" -> (Callable) a -> capitalize(s);
            case "startswith" -> (Callable) a -> affixes(a).stream().anyMatch(s::startsWith);
            case "endswith" -> (Callable) a -> affixes(a).stream().anyMatch(s::endsWith);
            case "split" -> (Callable) a -> split(s, a);
            case "rsplit" -> (Callable) a -> rsplit(s, a);
            case "splitlines" -> (Callable) a -> lines(s);
            case "replace" -> (Callable) a -> replace(s, a);
            case "join" ->
                (Callable) a -> BoundedText.join(
                        Sequences.items(a.get(0, "iterable", List.of())).stream()
                                .map(Values::text)
                                .iterator(),
                        s);
            case "find" -> (Callable) a -> (long) s.indexOf(a.text(0, "sub", ""));
            case "count" -> (Callable) a -> count(s, a.text(0, "sub", ""));
            case "isdigit" -> (Callable) a -> !s.isEmpty() && s.chars().allMatch(Character::isDigit);
            default -> new Undefined(name);
        };
    }

    /** How often a part is in a text; an empty one stands before each character and at the end, as in Python. */
    private static long count(String s, String part) {
        if (part.isEmpty()) {
            return s.codePointCount(0, s.length()) + 1L;
        }
        long count = 0;
        for (int at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** Python ends lines at more characters than Java does. */
    private static List<Object> lines(String s) {
        Sequences.requireFew(1 + LINE_END.matcher(s).results().count());
        List<Object> lines = new ArrayList<>(Arrays.asList(LINE_END.split(s, -1)));
        if (String.valueOf(lines.getLast()).isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private static List<String> affixes(Callable.Call arguments) {
        Object affix = arguments.get(0, "prefix", "");
        return affix instanceof List<?> list
                ? list.stream().map(x -> Values.text(Objects.requireNonNull(x))).toList()
                : List.of(Values.text(affix));
    }

    static String strip(String s, Callable.Call arguments, boolean left, boolean right) {
        Object chars = arguments.get(0, "chars", None.NONE);
        int start = 0;
        int end = s.length();
        while (left && start < end && stripped(s.charAt(start), chars)) {
            start++;
        }
        while (right && end > start && stripped(s.charAt(end - 1), chars)) {
            end--;
        }
        return s.substring(start, end);
    }

    private static boolean stripped(char c, Object chars) {
        if (chars instanceof String set) {
            return set.indexOf(c) >= 0;
        }
        return WhiteSpace.is(c);
    }

    static String replace(String s, Callable.Call arguments) {
        long most = arguments.get(2, "count", -1L) instanceof Long n ? n : -1;
        return BoundedText.replace(s, arguments.text(0, "old", ""), arguments.text(1, "new", ""), most);
    }

    private static List<Object> split(String s, Callable.Call arguments) {
        long most = arguments.get(1, "maxsplit", -1L) instanceof Long n ? n : -1;
        if (!(arguments.get(0, "sep", None.NONE) instanceof String separator)) {
            return words(s, most);
        }
        if (separator.isEmpty()) {
            throw JinjaException.of("split needs a separator");
        }
        Sequences.requireFew(1 + count(s, separator));
        int limit = most < 0 ? -1 : (int) Math.min(most, 1_000_000) + 1;
        return new ArrayList<>(Arrays.asList(s.split(Pattern.quote(separator), limit)));
    }

    /** What stands between white space; the rest behind the last cut keeps the white space at its end. */
    private static List<Object> words(String s, long most) {
        List<Object> words = new ArrayList<>();
        int start = next(s, 0, false);
        while (start < s.length()) {
            int end = words.size() == most ? s.length() : next(s, start, true);
            words.add(s.substring(start, end));
            Sequences.requireFew(words.size());
            start = next(s, end, false);
        }
        return words;
    }

    /** Where white space begins or, asked for the contrary, ends. */
    private static int next(String s, int from, boolean white) {
        int at = from;
        while (at < s.length() && WhiteSpace.is(s.charAt(at)) != white) {
            at++;
        }
        return at;
    }

    private static List<Object> rsplit(String s, Callable.Call arguments) {
        List<Object> parts = split(s, new Callable.Call(List.of(arguments.get(0, "sep", None.NONE)), Map.of()));
        long most = arguments.get(1, "maxsplit", -1L) instanceof Long n ? n : -1;
        if (most < 0 || parts.size() <= most + 1) {
            return parts;
        }
        int joined = parts.size() - (int) most;
        String separator = arguments.text(0, "sep", " ");
        List<Object> result = new ArrayList<>();
        result.add(parts.subList(0, joined).stream().map(Values::text).collect(Collectors.joining(separator)));
        result.addAll(parts.subList(joined, parts.size()));
        return result;
    }

    static String title(String s) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (char c : s.toCharArray()) {
            title.append(inside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inside = Character.isLetter(c);
        }
        return title.toString();
    }

    static String capitalize(String s) {
        return s.isEmpty()
                ? s
                : s.substring(0, 1).toUpperCase(Locale.ROOT) + s.substring(1).toLowerCase(Locale.ROOT);
    }
}
