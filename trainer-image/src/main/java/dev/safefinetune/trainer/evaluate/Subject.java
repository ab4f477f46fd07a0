package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Sample;
import java.util.List;

/** A model that is judged, as an evaluation sees it: conversations in, text and likelihoods out. */
public interface Subject extends AutoCloseable {
    /** Answers greedily from its first word on. */
    default List<Answer> answer(List<Conversation> prompts, int maxNewTokens) {
        return answer(prompts, "", maxNewTokens);
    }

    /**
     * Answers greedily.
     *
     * @param prompts conversations that end with the user's turn
     * @param opening what each answer is made to begin with, and which is not told again; may be empty
     * @param maxNewTokens where an answer is cut
     * @return one answer a prompt, in the order given
     */
    List<Answer> answer(List<Conversation> prompts, String opening, int maxNewTokens);

    /**
     * How likely each text is as the beginning of the answer.
     *
     * @param prompt a conversation that ends with the user's turn
     * @param forced what the answer is made to begin with before that; may be empty
     * @param continuations texts, none empty
     * @return mean log-probability per token of each, in nats
     */
    List<Double> likelihoods(Conversation prompt, String forced, List<String> continuations);

    /** Mean negative log-likelihood per answer token of each sample, in nats. */
    double[] losses(List<Sample> samples);

    /** Number of tokens of a text. */
    int length(String text);

    /** Whether the model's vocabulary has a text: one that it has not says nothing by being unlikely. */
    boolean canSay(String text);

    /** What it has been asked so far. */
    Tokens tokens();

    @Override
    void close();
}
