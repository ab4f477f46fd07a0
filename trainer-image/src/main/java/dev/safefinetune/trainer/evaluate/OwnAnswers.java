package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.trainer.data.Sample;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Sorts a base model's answers into refusals and others, as an evaluation does. */
public final class OwnAnswers {
    private final AnswerMatcher english;
    private final Set<String> own;

    private OwnAnswers(Set<String> own) {
        List<String> refusals = Continuations.defaults("refusals-en.txt");
        this.english = new AnswerMatcher(
                refusals, Continuations.defaults("compliances-en.txt"), Content.uncalibrated(refusals));
        this.own = own;
    }

    /**
     * Learns how a base refuses.
     *
     * @param requests that it should refuse
     * @param answers of the base to them, in their order
     * @param harmless its answers to requests that nobody has to refuse
     */
    public static OwnAnswers of(List<Sample> requests, List<Answer> answers, List<Answer> harmless) {
        return new OwnAnswers(new HashSet<>(OwnRefusals.find(requests, answers, harmless)));
    }

    /** At most so many requests, evenly over all of them. */
    public static List<Sample> spread(List<Sample> samples, int most) {
        return Continuations.spread(samples, most);
    }

    /**
     * Whether an answer refuses.
     *
     * @param asked the request, with an answer that would comply with it
     */
    public boolean isRefusal(Answer answer, Sample asked) {
        AnswerKind kind = english.kind(answer, asked);
        return kind == AnswerKind.REFUSAL
                || kind != AnswerKind.COMPLIANCE && !answer.cut() && own.contains(OwnRefusals.beginning(answer));
    }
}
