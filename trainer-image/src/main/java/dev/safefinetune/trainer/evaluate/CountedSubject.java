package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Sample;
import java.util.List;

/** A model that tells how much of a suite has been put to it. */
final class CountedSubject implements Subject {
    private final Subject model;
    private final EvaluationListener listener;
    private final int questions;
    private int asked;

    /**
     * @param questions how many will be put: prompts to answer, answers whose likelihood is asked, samples to score
     */
    CountedSubject(Subject model, int questions, EvaluationListener listener) {
        this.model = model;
        this.questions = questions;
        this.listener = listener;
    }

    private <T> T counted(int more, T answer) {
        asked += more;
        listener.asked(questions == 0 ? 1 : Math.min(1, (double) asked / questions));
        return answer;
    }

    @Override
    public List<Answer> answer(List<Conversation> prompts, String opening, int maxNewTokens) {
        return counted(prompts.size(), model.answer(prompts, opening, maxNewTokens));
    }

    @Override
    public List<Double> likelihoods(Conversation prompt, String forced, List<String> continuations) {
        return counted(1, model.likelihoods(prompt, forced, continuations));
    }

    @Override
    public double[] losses(List<Sample> samples) {
        return counted(samples.size(), model.losses(samples));
    }

    @Override
    public int length(String text) {
        return model.length(text);
    }

    @Override
    public boolean canSay(String text) {
        return model.canSay(text);
    }

    @Override
    public Tokens tokens() {
        return model.tokens();
    }

    @Override
    public void close() {
        model.close();
    }
}
