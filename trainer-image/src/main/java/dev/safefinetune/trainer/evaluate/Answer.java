package dev.safefinetune.trainer.evaluate;

/**
 * What a model said.
 *
 * @param text of it
 * @param cut whether it had not ended where it had to stop: nobody knows how it goes on
 */
public record Answer(String text, boolean cut) {
    /** Where an evaluation cuts an answer that has not ended by itself. */
    public static final int MOST_TOKENS = 256;
}
