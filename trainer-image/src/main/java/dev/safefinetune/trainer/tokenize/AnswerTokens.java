package dev.safefinetune.trainer.tokenize;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTemplate.Answer;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Span;
import dev.safefinetune.trainer.tokenize.jinja.WhiteSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which tokens of a text are its answers and their ends. A special token may take the white space around it, and then it
 * reaches into an answer that begins or ends with some: before an answer it is still the header's, behind it the end.
 */
final class AnswerTokens {
    private final int[] tokens;
    private final CharSpan[] spans;
    private final Set<Integer> special;
    private final String text;

    /**
     * Takes what is looked at.
     *
     * @param spans which characters a token stands for, in code points; added tokens may have none
     * @param special ids of special tokens
     */
    AnswerTokens(int[] tokens, CharSpan[] spans, Set<Integer> special, String text) {
        this.tokens = tokens;
        this.spans = spans;
        this.special = special;
        this.text = text;
    }

    /** Marks all answers with their ends. */
    boolean[] mark(List<Answer> answers) {
        boolean[] marked = new boolean[tokens.length];
        for (Answer answer : answers) {
            Span span = answer.span();
            int first = first(text.codePointCount(0, span.start()));
            int after = after(first, text.codePointCount(0, span.end()));
            int end = answer.closed() ? endInside(first, after) : -1;
            end = end < 0 ? endBehind(after) : end;
            Arrays.fill(marked, Math.min(Math.max(first, 1), end + 1), end + 1, true);
        }
        return marked;
    }

    /** The first token that reaches behind a character: a blank before an answer is often part of its first token. */
    private int first(int character) {
        int i = 0;
        while (i < tokens.length
                && (spans[i] == null
                        || spans[i].getEnd() <= character
                        || spans[i].getStart() < character && isSpecial(i))) {
            i++;
        }
        return i;
    }

    /** The first token from a position on that begins at a character or behind it, or is special and reaches behind it. */
    private int after(int from, int character) {
        int i = from;
        while (i < tokens.length
                && (spans[i] == null
                        || spans[i].getStart() < character && !(spans[i].getEnd() > character && isSpecial(i)))) {
            i++;
        }
        return i;
    }

    /**
     * The token that ends the turn inside of the template's own mark: the last special one, if nothing but white space
     * follows it there. That white space is the template's, not the model's, and bears no loss.
     */
    private int endInside(int first, int after) {
        int last = after - 1;
        while (last >= first && !isSpecial(last)) {
            int start = text.offsetByCodePoints(0, spans[last].getStart());
            int end = text.offsetByCodePoints(0, spans[last].getEnd());
            if (!WhiteSpace.isAll(text.substring(start, end))) {
                return -1;
            }
            last--;
        }
        return last >= first ? last : -1;
    }

    /** The first special token behind an answer, which ends the turn. */
    private int endBehind(int after) {
        for (int i = after; i < tokens.length; i++) {
            if (isSpecial(i)) {
                return i;
            }
        }
        throw new TrainerException(
                Fault.MODEL_INVALID, "the chat template has no special token that ends the assistant's turn");
    }

    private boolean isSpecial(int i) {
        return special.contains(tokens[i]);
    }
}
