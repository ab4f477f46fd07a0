package dev.safefinetune.contract;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What is trained, and how.
 *
 * @param method an adapter or all weights
 * @param lora the adapter's shape; present exactly when {@code method} is {@code LoRA}
 * @param hyperparameters the optimizer's walk
 * @param precision in what it computes; float32 in a task of a release that had no other
 */
public record FineTuning(
        Method method, @Nullable LoraSettings lora, Hyperparameters hyperparameters, Precision precision) {

    /** In float32. */
    public FineTuning(Method method, @Nullable LoraSettings lora, Hyperparameters hyperparameters) {
        this(method, lora, hyperparameters, Precision.FLOAT32);
    }

    /** Which parameters receive gradients. */
    public enum Method {
        @JsonProperty("LoRA")
        LORA,
        @JsonProperty("Full")
        FULL
    }

    public FineTuning {
        Require.present("fineTuning.method", method);
        Require.present("fineTuning.hyperparameters", hyperparameters);
        precision = requireNonNullElse(precision, Precision.FLOAT32);
        if ((method == Method.LORA) != (lora != null)) {
            throw new IllegalArgumentException("fineTuning.lora must be given exactly when method is LoRA");
        }
    }
}
