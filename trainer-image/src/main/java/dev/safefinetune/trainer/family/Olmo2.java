package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture.Norms;

/** OLMo 2 (arXiv 2501.00656): norms behind attention and feed-forward alone, and on all heads of queries and keys together. */
final class Olmo2 {
    private Olmo2() {}

    static ModelConfig read(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias");
        return Decoder.of(fields)
                .silu()
                .epsilon(1e-5)
                .norms(Norms.Place.AFTER, false)
                .headNorms(Norms.Heads.ALL)
                .biases(bias, bias, false)
                .tied(false)
                .build();
    }
}
