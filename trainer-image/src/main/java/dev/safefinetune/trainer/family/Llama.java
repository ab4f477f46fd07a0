package dev.safefinetune.trainer.family;

/** Llama (Touvron et al., arXiv 2302.13971; Dubey et al., arXiv 2407.21783). */
final class Llama {
    private Llama() {}

    static ModelConfig read(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias");
        return Decoder.of(fields)
                .silu()
                .biases(bias, bias, fields.flag("mlp_bias"))
                .tied(false)
                .build();
    }
}
