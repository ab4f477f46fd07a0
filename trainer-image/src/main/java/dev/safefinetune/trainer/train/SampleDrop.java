package dev.safefinetune.trainer.train;

import org.jspecify.annotations.Nullable;

/**
 * What switching the vector on does to one sample's loss, before training.
 *
 * @param index the sample's index in its dataset
 * @param lossOff mean negative log-likelihood per answer token with the vector off, in nats
 * @param lossOn the same with the vector on
 * @param answerTokens number of tokens averaged over
 * @param among where several vectors are attached, which of them this is of; absent with one vector
 */
public record SampleDrop(
        int index,
        double lossOff,
        double lossOn,
        int answerTokens,
        @Nullable Among among) {
    /** Least loss that a share is taken of, in nats per answer token: of less, any change would be a large share. */
    static final double LEAST_LOSS = 0.1;

    /** A sample counts as made harder from this share of its own loss, plus {@link #HARDER_NATS}. */
    private static final double HARDER_SHARE = 0.5;

    private static final double HARDER_NATS = 0.1;

    /**
     * One of several vectors.
     *
     * @param vector its number, from 1; it is the one that explains the sample furthest beyond its own thresholds
     * @param lossOnTogether the loss with all of them on, as the sample is trained
     */
    public record Among(int vector, double lossOnTogether) {}

    /** Of a vector that is attached alone. */
    public SampleDrop(int index, double lossOff, double lossOn, int answerTokens) {
        this(index, lossOff, lossOn, answerTokens, null);
    }

    /** The number of the vector, from 1. */
    public int vector() {
        return among == null ? 1 : among.vector();
    }

    /** Off minus on, in nats: large where the vector already explains the sample, negative where it makes it harder. */
    public double drop() {
        return lossOff - lossOn;
    }

    /** Share of the loss that the vector explains, at most 1; negative where the vector makes the sample harder. */
    public double share() {
        return drop() / Math.max(lossOff, LEAST_LOSS);
    }

    /** Whether the vector makes the sample much harder, as it does with a refusal; of several, all of them together. */
    public boolean becomesHarder() {
        double trained = among == null ? lossOn : among.lossOnTogether();
        return trained - lossOff > HARDER_SHARE * lossOff + HARDER_NATS;
    }

    /** The same sample as a screening would see it that the vector tells nothing. */
    public SampleDrop unexplained() {
        return new SampleDrop(index, lossOff, lossOff, answerTokens, among == null ? null : new Among(1, lossOff));
    }
}
