package dev.safefinetune.trainer.family;

/** Qwen2 (Yang et al., arXiv 2407.10671): Llama with biases on queries, keys and values, and a window in the upper layers where asked for. */
final class Qwen2 {
    private Qwen2() {}

    static ModelConfig read(ConfigFields fields) {
        return windows(fields, Decoder.of(fields, null, 32))
                .silu()
                .biases(true, false, false)
                .tied(false)
                .build();
    }

    /** Qwen's windows: of the layers from {@code max_window_layers} on, where {@code use_sliding_window}. */
    static Decoder windows(ConfigFields fields, Decoder decoder) {
        if (!fields.flag("use_sliding_window") || fields.isNull("sliding_window")) {
            return decoder;
        }
        int from = fields.positiveOr("max_window_layers", 28);
        return decoder.windows(
                LayerKinds.windowed(fields, decoder.layers(), layer -> layer >= from), LayerKinds.window(fields, 4096));
    }
}
