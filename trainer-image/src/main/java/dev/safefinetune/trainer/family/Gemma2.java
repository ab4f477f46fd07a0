package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture.Norms;
import org.jspecify.annotations.Nullable;

/** Gemma 2 (arXiv 2408.00118): norms around attention and feed-forward, capped scores and logits, a window in every other layer. */
final class Gemma2 {
    private Gemma2() {}

    static ModelConfig read(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias");
        Decoder decoder = Decoder.of(fields, 256, 4);
        return decoder.gelu("hidden_activation")
                .norms(Norms.Place.BOTH, true)
                .biases(bias, bias, false)
                .attentionScale(attentionScale(fields))
                .softCaps(
                        softCap(fields, "attn_logit_softcapping", 50.0),
                        softCap(fields, "final_logit_softcapping", 30.0))
                .scales(Math.sqrt(fields.positive("hidden_size")), 1, 1)
                .windows(
                        LayerKinds.windowed(fields, decoder.layers(), layer -> layer % 2 == 0),
                        LayerKinds.window(fields, 4096))
                .tied(true)
                .build();
    }

    static double attentionScale(ConfigFields fields) {
        double width = fields.number("query_pre_attn_scalar", 256, n -> n > 0, "a number above 0");
        return 1 / Math.sqrt(width);
    }

    /** A cap; absent where the file says null. */
    static @Nullable Double softCap(ConfigFields fields, String field, @Nullable Double otherwise) {
        if (!fields.has(field)) {
            return otherwise;
        }
        return fields.isNull(field)
                ? null
                : Double.valueOf(fields.number(field, 1, n -> n > 0, "a number above 0, or null"));
    }
}
