package dev.safefinetune.trainer.train;

/**
 * What switching the vector on does to one sample's loss, before training.
 *
 * @param index the sample's index in its dataset
 * @param lossOff mean negative log-likelihood per answer token with the vector off, in nats
 * @param lossOn the same with the vector on
 * @param answerTokens number of tokens averaged over
 */
public record SampleDrop(int index, double lossOff, double lossOn, int answerTokens) {
    /** Off minus on, in nats: large where the vector already explains the sample, negative where it makes it harder. */
    public double drop() {
        return lossOff - lossOn;
    }
}
