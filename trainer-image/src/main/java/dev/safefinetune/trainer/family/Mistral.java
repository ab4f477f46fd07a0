package dev.safefinetune.trainer.family;

import java.util.Collections;

/** Mistral (Jiang et al., arXiv 2310.06825): Llama with a sliding window in every layer. */
final class Mistral {
    private Mistral() {}

    static ModelConfig read(ConfigFields fields) {
        Decoder decoder = Decoder.of(fields, null, 8).silu().tied(false);
        if (!fields.isNull("sliding_window")) {
            decoder.windows(Collections.nCopies(decoder.layers(), true), LayerKinds.window(fields, 4096));
        }
        return decoder.build();
    }
}
