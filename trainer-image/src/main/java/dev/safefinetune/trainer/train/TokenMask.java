package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which answer tokens of a sample a gate leaves out of the loss; as spans, because most samples have none.
 *
 * @param telling answer tokens that have a loss to speak of, those that are masked among them
 * @param spans first and last masked token of each span in turn, counted from 0 among the sample's answer tokens
 */
public record TokenMask(int telling, List<Integer> spans) {
    public TokenMask {
        spans = List.copyOf(spans);
        if (spans.size() % 2 != 0) {
            throw new IllegalArgumentException("spans need a first and a last token each");
        }
        int after = 0;
        for (int i = 0; i < spans.size(); i += 2) {
            if (spans.get(i) < after || spans.get(i + 1) < spans.get(i)) {
                throw new IllegalArgumentException("spans must ascend, were " + spans);
            }
            after = spans.get(i + 1) + 1;
        }
    }

    /** No token is masked. */
    public static TokenMask none(int telling) {
        return new TokenMask(telling, List.of());
    }

    /** The tokens of so many that are masked. */
    static TokenMask of(int length, int telling, IntPredicate masked) {
        List<Integer> spans = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            if (!masked.test(i)) {
                continue;
            }
            int first = i;
            while (i + 1 < length && masked.test(i + 1)) {
                i++;
            }
            spans.add(first);
            spans.add(i);
        }
        return new TokenMask(telling, spans);
    }

    /** How many tokens are masked. */
    public int masked() {
        int masked = 0;
        for (int i = 0; i < spans.size(); i += 2) {
            masked += spans.get(i + 1) - spans.get(i) + 1;
        }
        return masked;
    }

    /** Whether no token is masked. */
    public boolean masksNothing() {
        return spans.isEmpty();
    }

    /** Whether so much is masked that the sample is left out whole: more than half of what it could teach. */
    public boolean leavesOut() {
        return 2 * masked() > telling;
    }

    /** The sample without the masked tokens in its loss; as it is where it is left out whole. */
    public EncodedSample applyTo(EncodedSample sample) {
        if (masksNothing() || leavesOut()) {
            return sample;
        }
        boolean[] learned = sample.answer().clone();
        int token = 0;
        int span = 0;
        for (int i = 0; i < learned.length && span < spans.size(); i++) {
            if (!learned[i]) {
                continue;
            }
            learned[i] = token < spans.get(span);
            if (token == spans.get(span + 1)) {
                span += 2;
            }
            token++;
        }
        return EncodedSample.of(sample.index(), sample.tokens(), learned);
    }
}
