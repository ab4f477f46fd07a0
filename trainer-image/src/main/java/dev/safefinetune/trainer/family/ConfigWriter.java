package dev.safefinetune.trainer.family;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes {@code config.json} of a new model as transformers 4 does. */
final class ConfigWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConfigWriter() {}

    static String write(ModelConfig c) {
        Rope rope = c.ropes().getFirst();
        ObjectNode root = JSON.createObjectNode();
        root.putArray("architectures").add("LlamaForCausalLM");
        root.put("model_type", "llama")
                .put("vocab_size", c.vocabularySize())
                .put("hidden_size", c.hiddenSize())
                .put("intermediate_size", c.intermediateSize())
                .put("num_hidden_layers", c.layers())
                .put("num_attention_heads", c.heads())
                .put("num_key_value_heads", c.keyValueHeads())
                .put("head_dim", c.headDim())
                .put("max_position_embeddings", c.maxPositions())
                .put("hidden_act", "silu")
                .put("rms_norm_eps", c.architecture().norms().epsilon())
                .put("attention_bias", c.architecture().projections().headBias())
                .put("mlp_bias", c.architecture().projections().feedBias())
                .put("tie_word_embeddings", c.tiedHead())
                .put("initializer_range", c.initializerRange())
                .put("rope_theta", rope.theta());
        scaling(root, rope.scaling());
        root.put(
                "torch_dtype",
                switch (c.dtype()) {
                    case F16 -> "float16";
                    case BF16 -> "bfloat16";
                    default -> "float32";
                });
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void scaling(ObjectNode root, Rope.Scaling scaling) {
        switch (scaling) {
            case Rope.Scaling.None none -> root.putNull("rope_scaling");
            case Rope.Scaling.Linear linear ->
                root.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
            case Rope.Scaling.Llama3 llama3 ->
                root.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", llama3.factor())
                        .put("low_freq_factor", llama3.lowFrequencyFactor())
                        .put("high_freq_factor", llama3.highFrequencyFactor())
                        .put("original_max_position_embeddings", llama3.originalPositions());
            default -> throw new IllegalArgumentException("no new model has the scaling " + scaling);
        }
    }
}
