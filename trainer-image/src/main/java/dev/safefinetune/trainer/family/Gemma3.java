package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture.Norms;
import java.util.List;

/** Gemma 3 (arXiv 2503.19786): Gemma 2 with normed heads instead of caps, a window in five of six layers, and for these a rotation of its own. */
final class Gemma3 {
    private Gemma3() {}

    static ModelConfig read(ConfigFields fields) {
        ConfigFields nested = fields.object("text_config");
        return text(nested.isEmpty() ? fields : nested);
    }

    private static ModelConfig text(ConfigFields fields) {
        if (fields.flag("use_bidirectional_attention")) {
            throw fields.refused("use_bidirectional_attention", "false");
        }
        boolean bias = fields.flag("attention_bias");
        int pattern = fields.positiveOr("sliding_window_pattern", 6);
        Decoder decoder = Decoder.of(fields, 256, 4);
        List<Boolean> windowed = LayerKinds.windowed(fields, decoder.layers(), layer -> (layer + 1) % pattern != 0);
        return decoder.gelu("hidden_activation")
                .norms(Norms.Place.BOTH, true)
                .headNorms(Norms.Heads.EACH)
                .biases(bias, bias, false)
                .attentionScale(Gemma2.attentionScale(fields))
                .softCaps(
                        Gemma2.softCap(fields, "attn_logit_softcapping", null),
                        Gemma2.softCap(fields, "final_logit_softcapping", null))
                .scales(Math.sqrt(fields.positive("hidden_size")), 1, 1)
                .windows(windowed, LayerKinds.window(fields, 4096))
                .ropes(ropes(fields), windowed.stream().map(w -> w ? 1 : 0).toList())
                .tied(true)
                .build();
    }

    /** Of full layers, then of windowed ones; transformers 5 has an object for each. */
    private static List<Rope> ropes(ConfigFields fields) {
        RopeFields ropes = new RopeFields(fields);
        ConfigFields five = fields.object("rope_parameters");
        if (five.hasValue("full_attention") || five.hasValue("sliding_attention")) {
            return List.of(
                    ropes.rope(five.object("full_attention"), 1e6), ropes.rope(five.object("sliding_attention"), 1e4));
        }
        double local = fields.number("rope_local_base_freq", 1e4, n -> n > 1, "a number above 1");
        return List.of(ropes.rope(1e6), new Rope(local, Rope.Scaling.NONE));
    }
}
