package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture.Norms;

/** Qwen3 (Yang et al., arXiv 2505.09388): Qwen2 with a norm on each head of queries and keys, and without biases. */
final class Qwen3 {
    private Qwen3() {}

    static ModelConfig read(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias");
        return Qwen2.windows(fields, Decoder.of(fields, 128, 32))
                .silu()
                .headNorms(Norms.Heads.EACH)
                .biases(bias, bias, false)
                .tied(false)
                .build();
    }
}
