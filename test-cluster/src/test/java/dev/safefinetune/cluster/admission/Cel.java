package dev.safefinetune.cluster.admission;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An expression of CEL, as far as it is needed to take single conditions out of it: operands of {@code &&}, {@code ||} and
 * {@code +}, elements of lists, and the conditions of {@code ? :} with what they choose.
 */
record Cel(String text) {
    private static final List<String> CHAINS = List.of("||", "&&", "+");

    /** The expression without one of its conditions, for each of them. */
    Set<String> without() {
        Set<String> texts = new LinkedHashSet<>();
        boolean[] code = code();
        collect(code, 0, text.length(), texts);
        return texts;
    }

    /** Takes conditions out of a part without brackets around it, and goes on inside its brackets. */
    private void collect(boolean[] code, int from, int to, Set<String> texts) {
        for (int comma : cuts(code, from, to)) {
            // Each part between commas is an expression of its own.
            expression(code, comma, end(code, comma, to), texts);
        }
        for (int at = from; at < to; at++) {
            if (code[at] && "([{".indexOf(text.charAt(at)) >= 0) {
                int close = close(code, at);
                if (isList(at)) {
                    elements(code, at + 1, close, texts);
                }
                collect(code, at + 1, close, texts);
                at = close;
            }
        }
    }

    private void expression(boolean[] code, int from, int to, Set<String> texts) {
        int question = top(code, from, to, "? ");
        if (question >= 0) {
            int colon = top(code, question, to, ":");
            texts.add(cut(from, colon + 1));
            expression(code, from, question, texts);
            expression(code, question + 1, colon, texts);
            expression(code, colon + 1, to, texts);
            return;
        }
        for (String operator : CHAINS) {
            List<Integer> places = tops(code, from, to, operator);
            if (places.isEmpty()) {
                continue;
            }
            int begin = from;
            for (int i = 0; i <= places.size(); i++) {
                int end = i < places.size() ? places.get(i) : to;
                // An operand goes with the operator before it; the first one with that behind it.
                texts.add(i == 0 ? cut(begin, end + operator.length()) : cut(begin - operator.length(), end));
                expression(code, begin, end, texts);
                begin = end + operator.length();
            }
            return;
        }
    }

    private void elements(boolean[] code, int from, int to, Set<String> texts) {
        List<Integer> begins = cuts(code, from, to);
        for (int i = 0; i < begins.size(); i++) {
            int begin = begins.get(i);
            int end = end(code, begin, to);
            if (!text.substring(begin, end).isBlank()) {
                texts.add(i == 0 ? cut(begin, Math.min(to, end + 1)) : cut(begin - 1, end));
            }
        }
    }

    private String cut(int from, int to) {
        return text.substring(0, from) + " " + text.substring(to);
    }

    /** Where the parts between commas begin. */
    private List<Integer> cuts(boolean[] code, int from, int to) {
        List<Integer> begins = new ArrayList<>(List.of(from));
        tops(code, from, to, ",").forEach(comma -> begins.add(comma + 1));
        return begins;
    }

    private int end(boolean[] code, int from, int to) {
        int comma = top(code, from, to, ",");
        return comma < 0 ? to : comma;
    }

    private int top(boolean[] code, int from, int to, String what) {
        List<Integer> places = tops(code, from, to, what);
        return places.isEmpty() ? -1 : places.getFirst();
    }

    /** Places of a token outside strings and brackets. */
    private List<Integer> tops(boolean[] code, int from, int to, String what) {
        List<Integer> places = new ArrayList<>();
        for (int at = from; at < to; at++) {
            if (!code[at]) {
                continue;
            }
            if ("([{".indexOf(text.charAt(at)) >= 0) {
                at = close(code, at);
            } else if (text.startsWith(what, at)) {
                places.add(at);
            }
        }
        return places;
    }

    /** Whether a bracket begins a list, and is not an index. */
    private boolean isList(int at) {
        return text.charAt(at) == '['
                && (at == 0 || "([{,! \n=".indexOf(text.charAt(at - 1)) >= 0)
                && !text.startsWith("[?", at);
    }

    private int close(boolean[] code, int open) {
        int depth = 0;
        for (int at = open; at < text.length(); at++) {
            if (code[at] && "([{".indexOf(text.charAt(at)) >= 0) {
                depth++;
            } else if (code[at] && ")]}".indexOf(text.charAt(at)) >= 0 && --depth == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException("a bracket is not closed in " + text);
    }

    /** What is outside of strings. */
    private boolean[] code() {
        boolean[] code = new boolean[text.length()];
        char quote = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            code[at] = quote == 0 && c != '\'' && c != '"';
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
        }
        return code;
    }
}
