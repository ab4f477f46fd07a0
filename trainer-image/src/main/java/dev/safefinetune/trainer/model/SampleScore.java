package dev.safefinetune.trainer.model;

/**
 * How well a model foretells one sample's answer.
 *
 * @param index the sample's index in its dataset
 * @param sumNll negative log-likelihood summed over the answer's tokens, in nats
 * @param answerTokens number of tokens summed over, at least 1
 * @param firstTokenHit whether the first answer token is the model's most likely one
 */
public record SampleScore(int index, double sumNll, int answerTokens, boolean firstTokenHit) {
    /** Mean negative log-likelihood per answer token, in nats. */
    public double loss() {
        return sumNll / answerTokens;
    }
}
