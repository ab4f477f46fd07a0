package dev.safefinetune.trainer.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Lists, and texts as Python's lists of characters. */
final class Sequences {
    /** Of a list that a template makes: one that it doubles again and again would fill the memory. */
    private static final int MAX_ITEMS = 1 << 20;

    private Sequences() {}

    /** Refuses a list of so many items, for whoever makes it. */
    static void requireFew(long items) {
        if (items > MAX_ITEMS) {
            throw JinjaException.of("a list is longer than " + MAX_ITEMS + " items");
        }
    }

    static int size(Object value) {
        return value instanceof List<?> list ? list.size() : value instanceof Map<?, ?> map ? map.size() : 0;
    }

    /** What a loop goes through: a list's items, a dict's keys, a text's characters, nothing of the undefined. */
    static List<Object> items(Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String s -> {
                requireFew(s.length());
                yield s.codePoints().<Object>mapToObj(Character::toString).toList();
            }
            case Undefined u -> List.of();
            case Dated d -> throw Dated.misused();
            default -> throw JinjaException.of("a loop needs a list, a dict or text");
        };
    }

    static Object at(List<?> list, long index) {
        long position = index < 0 ? index + list.size() : index;
        return position < 0 || position >= list.size()
                ? missing(index)
                : Objects.requireNonNull(list.get((int) position));
    }

    /** A character. */
    static Object at(String text, long index) {
        int size = text.codePointCount(0, text.length());
        long position = index < 0 ? index + size : index;
        return position < 0 || position >= size
                ? missing(index)
                : Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) position)));
    }

    private static Undefined missing(long index) {
        return new Undefined("item " + index);
    }

    /** {@code object[from:to:step]}. */
    static Object slice(Object object, Object from, Object to, Object step) {
        if (object instanceof String text) {
            int[] characters = text.codePoints().toArray();
            StringBuilder slice = new StringBuilder();
            for (int i : positions(characters.length, from, to, step)) {
                slice.appendCodePoint(characters[i]);
            }
            return slice.toString();
        }
        List<Object> items = items(object);
        List<Object> slice = new ArrayList<>();
        for (int i : positions(items.size(), from, to, step)) {
            slice.add(items.get(i));
        }
        return slice;
    }

    private static int[] positions(int size, Object from, Object to, Object step) {
        long by = step instanceof Long n ? n : 1;
        if (by == 0) {
            throw JinjaException.of("a slice needs a step other than 0");
        }
        long start = from instanceof Long n ? bound(n, size, by < 0) : by > 0 ? 0 : size - 1L;
        long end = to instanceof Long n ? bound(n, size, by < 0) : by > 0 ? size : -1L;
        // Not beyond the text's ends: a step as wide as numbers go would leave their range.
        long stride = Math.clamp(by, -size - 1L, size + 1L);
        long span = by > 0 ? end - start : start - end;
        int count = span <= 0 ? 0 : (int) ((span - 1) / Math.abs(stride) + 1);
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[i] = (int) (start + i * stride);
        }
        return positions;
    }

    private static long bound(long index, int size, boolean backwards) {
        long position = index < 0 ? index + size : index;
        return backwards ? Math.clamp(position, -1, size - 1L) : Math.clamp(position, 0, size);
    }
}
