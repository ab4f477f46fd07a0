package dev.safefinetune.trainer.family;

/** Granite 3: Llama with constants on embeddings, residuals, scores and logits. */
final class Granite {
    private Granite() {}

    static ModelConfig read(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias");
        return Decoder.of(fields)
                .silu()
                .biases(bias, bias, fields.flag("mlp_bias"))
                .attentionScale(factor(fields, "attention_multiplier"))
                .scales(
                        factor(fields, "embedding_multiplier"),
                        factor(fields, "residual_multiplier"),
                        1 / factor(fields, "logits_scaling"))
                .tied(false)
                .build();
    }

    private static double factor(ConfigFields fields, String field) {
        return fields.number(field, 1, n -> n > 0, "a number above 0");
    }
}
