package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} as transformers sets them: a line feed
 * after a block tag goes, and so do blanks before one that starts its line; {@code -} takes all white space.
 */
final class Lexer {
    private static final Pattern OPENING = Pattern.compile("\\{\\{|\\{%|\\{#");
    private static final Pattern RAW = spaced("\\{%([-+]?)\\s*raw\\s*(-%}\\s*|\\+%}|%}\\n?)");
    private static final Pattern ENDRAW = spaced("\\{%([-+]?)\\s*endraw\\s*(-%}\\s*|\\+%}|%}\\n?)");
    private static final Pattern COMMENT_END = spaced("-#}\\s*|\\+#}|#}\\n?");
    private static final Pattern BLOCK_END = spaced("-%}\\s*|\\+%}|%}\\n?");
    private static final Pattern VARIABLE_END = spaced("-}}\\s*|}}");
    private static final Pattern SPACE = spaced("\\s+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern STRING =
            Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'|\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String unix = source.replace("\r\n", "\n").replace('\r', '\n');
        // Jinja drops one line feed at the end of a template.
        String text = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
        return new Lexer(text).run();
    }

    private static Pattern spaced(String expression) {
        return Pattern.compile(expression.replace("\\s", WhiteSpace.CLASS), Pattern.DOTALL);
    }

    private List<Token> run() {
        while (at < source.length()) {
            Matcher opening = OPENING.matcher(source).region(at, source.length());
            if (!opening.find()) {
                data(source.substring(at));
                at = source.length();
                break;
            }
            int start = opening.start();
            char sign = start + 2 < source.length() ? source.charAt(start + 2) : ' ';
            data(strip(source.substring(at, start), sign, opening.group().equals("{{")));
            at = start;
            open(opening.group(), sign);
        }
        tokens.add(new Token(Kind.END, "", line()));
        return tokens;
    }

    private void open(String opening, char sign) {
        Matcher raw = matcher(RAW);
        if (raw.lookingAt()) {
            moveTo(raw.end());
            raw();
            return;
        }
        int begin = at + (sign == '-' || sign == '+' ? 3 : 2);
        if (opening.equals("{#")) {
            Matcher end = COMMENT_END.matcher(source).region(begin, source.length());
            if (!end.find()) {
                throw error("a comment is not closed");
            }
            moveTo(end.end());
            return;
        }
        boolean variable = opening.equals("{{");
        tokens.add(new Token(variable ? Kind.VARIABLE_BEGIN : Kind.BLOCK_BEGIN, opening, line()));
        at = begin;
        inside(variable);
    }

    private void raw() {
        Matcher end = ENDRAW.matcher(source).region(at, source.length());
        if (!end.find()) {
            throw error("raw is not closed");
        }
        char sign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
        data(strip(source.substring(at, end.start()), sign, false));
        moveTo(end.end());
    }

    /** Tokens up to the end of the tag. A closing mark inside of brackets, as in {@code {{ {'a': {}} }}}, is not the end. */
    private void inside(boolean variable) {
        int depth = 0;
        while (true) {
            Matcher space = matcher(SPACE);
            if (space.lookingAt()) {
                at = space.end();
            }
            if (at >= source.length()) {
                throw error("a tag is not closed");
            }
            Matcher end = matcher(variable ? VARIABLE_END : BLOCK_END);
            if (depth == 0 && end.lookingAt()) {
                tokens.add(new Token(variable ? Kind.VARIABLE_END : Kind.BLOCK_END, end.group(), line()));
                moveTo(end.end());
                return;
            }
            Token token = next();
            if (token.kind() == Kind.OPERATOR) {
                depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
            }
            tokens.add(token);
        }
    }

    private Token next() {
        Matcher matcher = matcher(NAME);
        if (matcher.lookingAt()) {
            return take(Kind.NAME, matcher, matcher.group());
        }
        matcher = matcher(NUMBER);
        if (matcher.lookingAt()) {
            boolean whole = matcher.group(1) == null && matcher.group(2) == null;
            return take(whole ? Kind.INTEGER : Kind.FLOAT, matcher, matcher.group());
        }
        matcher = matcher(STRING);
        if (matcher.lookingAt()) {
            String body = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            return take(Kind.STRING, matcher, unescape(body == null ? "" : body));
        }
        matcher = matcher(OPERATOR);
        if (matcher.lookingAt()) {
            return take(Kind.OPERATOR, matcher, matcher.group());
        }
        throw error("unexpected character");
    }

    private Token take(Kind kind, Matcher matcher, String text) {
        Token token = new Token(kind, text, line());
        at = matcher.end();
        return token;
    }

    private String unescape(String body) {
        StringBuilder text = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\' || i + 1 == body.length()) {
                text.append(c);
                continue;
            }
            char escaped = body.charAt(++i);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case '\\', '\'', '"' -> text.append(escaped);
                case 'u', 'x' -> {
                    int digits = escaped == 'u' ? 4 : 2;
                    if (i + digits >= body.length()) {
                        throw error("an escape is cut short");
                    }
                    text.append((char) Integer.parseInt(body.substring(i + 1, i + 1 + digits), 16));
                    i += digits;
                }
                default -> text.append('\\').append(escaped);
            }
        }
        return text.toString();
    }

    private String strip(String data, char sign, boolean variable) {
        if (sign == '-') {
            return WhiteSpace.stripTrailing(data);
        }
        if (sign == '+' || variable) {
            return data;
        }
        int start = data.lastIndexOf('\n') + 1;
        boolean blank = WhiteSpace.isAll(data.substring(start));
        return blank && (start > 0 || lineStarting) ? data.substring(0, start) : data;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.DATA, text, line()));
        }
    }

    private void moveTo(int end) {
        lineStarting = source.charAt(end - 1) == '\n';
        at = end;
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(source).region(at, source.length());
    }

    private int line() {
        return 1
                + (int) source.substring(0, Math.min(at, source.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private JinjaException error(String message) {
        return JinjaException.at(line(), message);
    }
}
