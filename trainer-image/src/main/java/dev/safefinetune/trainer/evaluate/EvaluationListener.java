package dev.safefinetune.trainer.evaluate;

/** Told how far an evaluation is. */
@FunctionalInterface
public interface EvaluationListener {
    /** A model is about to be measured. */
    void begins(String arm);

    /**
     * Questions were put to it.
     *
     * @param share of all that will be, 0..1
     */
    default void asked(double share) {}
}
