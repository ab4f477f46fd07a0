package dev.safefinetune.trainer.tokenize.jinja;

import dev.safefinetune.trainer.tokenize.jinja.Token.Kind;
import java.util.List;

/** Goes through a template's tokens. */
class TokenCursor {
    private final List<Token> tokens;
    private int at;

    TokenCursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The token behind the next one. */
    Token next() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token take() {
        return tokens.get(at++);
    }

    boolean isOperator(String text) {
        return peek().is(Kind.OPERATOR, text);
    }

    boolean isName(String text) {
        return peek().is(Kind.NAME, text);
    }

    boolean takeOperator(String text) {
        boolean found = isOperator(text);
        at += found ? 1 : 0;
        return found;
    }

    boolean takeName(String text) {
        boolean found = isName(text);
        at += found ? 1 : 0;
        return found;
    }

    void expectOperator(String text) {
        if (!takeOperator(text)) {
            throw error("expected '" + text + "'");
        }
    }

    String expectName() {
        if (peek().kind() != Kind.NAME) {
            throw error("expected a name");
        }
        return take().text();
    }

    JinjaException error(String message) {
        return JinjaException.at(peek().line(), message + ", found '" + peek().text() + "'");
    }
}
