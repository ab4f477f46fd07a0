package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How a security vector is trained (Zhou et al., arXiv 2311.02105).
 *
 * @param objective what is minimised
 * @param lora the vector's shape
 * @param hyperparameters the optimizer's walk
 * @param klWeight β of the term that keeps other behaviour, β · KL(f(x; θ) ‖ f(x; θ + θ_s)) on benign samples
 */
public record VectorTraining(Objective objective, LoraSettings lora, Hyperparameters hyperparameters, double klWeight) {

    /** Objective of vector training. */
    public enum Objective {
        /** The base is fixed: min over θ_s of L(f(x; θ + θ_s), y) + β·KL. */
        @JsonProperty("SingleLevel")
        SINGLE_LEVEL
    }

    public VectorTraining {
        Require.present("training.objective", objective);
        Require.present("training.lora", lora);
        Require.present("training.hyperparameters", hyperparameters);
        Require.range("training.klWeight", klWeight, 0.0, 1000.0);
    }
}
