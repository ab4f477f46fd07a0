package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.Answer;
import dev.safefinetune.trainer.evaluate.OwnAnswers;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.util.ArrayList;
import java.util.List;

/** Asks a base model for its own answers, greedily, and keeps those that a cooldown may train on. */
final class ReplayMaker {
    /** Requests of each kind that are asked. */
    private static final int MOST = 100;

    /** An answer that does not end within so many tokens is left out: half of one would teach to stop there. */
    private static final int NEW_TOKENS = 256;

    /** The benign samples whose category begins so are allowed requests that look like harmful ones. */
    private static final String LOOK_ALIKE = "look-alike";

    private final CausalModel model;
    private final ChatTokenizer tokenizer;

    ReplayMaker(CausalModel model, ChatTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * Asks.
     *
     * @param harmful the vector's samples; only their requests are used
     * @param benign the vector's benign samples: the look-alikes among them, or all where none is called one
     */
    Replay make(List<Sample> harmful, List<Sample> benign) {
        List<Sample> refused = OwnAnswers.spread(harmful, MOST);
        List<Sample> allowed = OwnAnswers.spread(lookAlikes(benign), MOST);
        List<Answer> toRefused = answers(refused);
        List<Answer> toAllowed = answers(allowed);
        OwnAnswers own = OwnAnswers.of(refused, toRefused, toAllowed);
        return new Replay(kept(refused, toRefused, own, true), kept(allowed, toAllowed, own, false));
    }

    private static List<Sample> lookAlikes(List<Sample> benign) {
        List<Sample> named = benign.stream()
                .filter(s -> s.category() != null && s.category().startsWith(LOOK_ALIKE))
                .toList();
        return (named.isEmpty() ? benign : named)
                .stream().filter(Sample::isRequested).toList();
    }

    private List<Answer> answers(List<Sample> samples) {
        List<int[]> prompts =
                samples.stream().map(s -> tokenizer.prompt(s.prompt())).toList();
        return prompts.isEmpty()
                ? List.of()
                : model.generate(prompts, NEW_TOKENS, tokenizer.endTokens()).stream()
                        .map(ids -> new Answer(tokenizer.text(ids).strip(), ids.length >= NEW_TOKENS))
                        .toList();
    }

    private static List<Sample> kept(List<Sample> asked, List<Answer> answers, OwnAnswers own, boolean refusals) {
        List<Sample> kept = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Sample sample = asked.get(i);
            Answer answer = answers.get(i);
            boolean whole = !answer.cut() && !answer.text().isEmpty();
            if (whole && own.isRefusal(answer, sample) == refusals) {
                kept.add(answered(sample, answer.text(), kept.size()));
            }
        }
        return kept;
    }

    private static Sample answered(Sample sample, String answer, int index) {
        List<Message> messages = new ArrayList<>(sample.prompt().messages());
        messages.add(new Message(Message.Role.ASSISTANT, answer));
        return new Sample(index, index + 1, messages, sample.category(), sample.fields());
    }
}
