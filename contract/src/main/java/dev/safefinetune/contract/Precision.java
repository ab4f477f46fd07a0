package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In what a training computes; adapters, gradients, the optimizer's state and losses are float32 in either. */
public enum Precision {
    @JsonProperty("Float32")
    FLOAT32,
    @JsonProperty("BFloat16")
    BFLOAT16;

    /**
     * What {@code Auto} means: the precision for which the device is made.
     *
     * @param cuda whether the pod that trains computes on CUDA GPUs
     */
    public static Precision auto(boolean cuda) {
        return cuda ? BFLOAT16 : FLOAT32;
    }
}
