package dev.safefinetune.trainer.family;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A family of models: what {@code config.json} of its architecture means. A new one is a class of this package with a
 * {@code read}, and a row in {@link #ALL}; where it has a part that none has, that part's variant in the kernels.
 *
 * @param architecture its name in {@code architectures}
 * @param models by the names under which they are known
 * @param limits what a user should know of it, in sentences; empty where there is nothing
 * @param reader reads the fields; what is not supported is refused by name
 */
public record Family(String architecture, String models, String limits, Function<ConfigFields, ModelConfig> reader) {

    /** All that are supported, in the order in which they are told. */
    public static final List<Family> ALL = List.of(
            new Family(
                    "LlamaForCausalLM",
                    "Llama 2, 3, 3.1, 3.2, TinyLlama, SmolLM2",
                    "With dynamic scaling no sample is longer than max_position_embeddings, and up to there it "
                            + "changes nothing.",
                    Llama::read),
            new Family("MistralForCausalLM", "Mistral 7B", "", Mistral::read),
            new Family(
                    "Qwen2ForCausalLM",
                    "Qwen2, Qwen2.5",
                    "Dense models. Windows where use_sliding_window asks for them.",
                    Qwen2::read),
            new Family("Qwen3ForCausalLM", "Qwen3 (dense)", "Dense models.", Qwen3::read),
            new Family("Gemma2ForCausalLM", "Gemma 2", "", Gemma2::read),
            new Family(
                    "Gemma3ForCausalLM",
                    "Gemma 3 (text)",
                    "Text models, their settings at the top of config.json or in text_config. Checkpoints with an"
                            + " image tower are refused.",
                    Gemma3::read),
            new Family(
                    "Phi3ForCausalLM",
                    "Phi-3, Phi-3.5 (text), Phi-4, Phi-4-mini",
                    "Where an answer grows beyond the original context, its new tokens turn by the long factors; "
                            + "transformers computes the keys before them anew.",
                    Phi3::read),
            new Family("GraniteForCausalLM", "Granite 3 (dense)", "Dense models.", Granite::read),
            new Family("Olmo2ForCausalLM", "OLMo 2", "", Olmo2::read),
            new Family("SmolLM3ForCausalLM", "SmolLM3", "", SmolLm3::read));

    /** The family of an architecture. */
    static Optional<Family> of(String architecture) {
        return ALL.stream().filter(f -> f.architecture().equals(architecture)).findFirst();
    }

    /** One sentence that lists what is supported. */
    static String supported() {
        return "a dense text model of one of the architectures "
                + String.join(", ", ALL.stream().map(Family::architecture).toList());
    }

    /** Reads the fields. */
    ModelConfig read(ConfigFields fields) {
        return reader.apply(fields);
    }
}
