package dev.safefinetune.trainer.adapter;

/**
 * One layer that an adapter touches.
 *
 * @param module path as in the checkpoint, such as {@code model.layers.0.self_attn.q_proj}
 * @param rank of its factors
 * @param scale what their product is multiplied with
 */
public record AdapterLayer(String module, int rank, double scale) {
    private static final String PREFIX = "base_model.model.";

    /** PEFT's key of A. */
    public String keyOfA() {
        return PREFIX + module + ".lora_A.weight";
    }

    /** PEFT's key of B. */
    public String keyOfB() {
        return PREFIX + module + ".lora_B.weight";
    }
}
