package dev.safefinetune.contract;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How a security vector is trained (Zhou et al., arXiv 2311.02105).
 *
 * @param objective what is minimised
 * @param lora the vector's shape
 * @param hyperparameters the optimizer's walk
 * @param klWeight β of the term that keeps other behaviour, β · KL(f(x; θ) ‖ f(x; θ + θ_s)) on benign samples
 * @param precision in what it computes; float32 in a task of a release that had no other
 * @param minMin with that objective alone; absent in a task of a release that did not have it
 */
public record VectorTraining(
        Objective objective,
        LoraSettings lora,
        Hyperparameters hyperparameters,
        double klWeight,
        Precision precision,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MinMinSettings minMin) {

    /** Without a copy. */
    public VectorTraining(
            Objective objective,
            LoraSettings lora,
            Hyperparameters hyperparameters,
            double klWeight,
            Precision precision) {
        this(objective, lora, hyperparameters, klWeight, precision, null);
    }

    /** In float32. */
    public VectorTraining(Objective objective, LoraSettings lora, Hyperparameters hyperparameters, double klWeight) {
        this(objective, lora, hyperparameters, klWeight, Precision.FLOAT32);
    }

    /** Objective of vector training. */
    public enum Objective {
        /** The base is fixed: min over θ_s of L(f(x; θ + θ_s), y) + β·KL. */
        @JsonProperty("SingleLevel")
        SINGLE_LEVEL,
        /**
         * The base may learn too, in a copy that is thrown away: min over θ_s and θ of L(f(x; θ + θ_s), y), as the first version
         * of the paper words it.
         */
        @JsonProperty("MinMin")
        MIN_MIN
    }

    public VectorTraining {
        Require.present("training.objective", objective);
        Require.present("training.lora", lora);
        Require.present("training.hyperparameters", hyperparameters);
        Require.range("training.klWeight", klWeight, 0.0, 1000.0);
        precision = requireNonNullElse(precision, Precision.FLOAT32);
        MinMinSettings.require(minMin, objective);
    }
}
