package dev.safefinetune.trainer.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.kernel.Architecture.Rotation;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.TokenizerCase;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each family's {@code config.json} means, beside what the parity fixtures compute with. */
class FamilyTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private static ObjectNode config(String fixture) throws IOException {
        return (ObjectNode) JSON.readTree(
                ParityCase.open(fixture).checkpoint().resolve("config.json").toFile());
    }

    private ModelConfig read(ObjectNode config) throws IOException {
        // A number beyond all others is read as infinite, which Jackson would write as a text.
        String text = config.toString().replace("\"Infinity\"", "1e400");
        Files.writeString(directory.resolve("config.json"), text);
        return ModelConfig.read(directory);
    }

    @Test
    void everyFamilyHasAParityFixture() throws IOException {
        Set<String> covered = ParityCase.all()
                .map(name -> ParityCase.open(name).architecture())
                .collect(Collectors.toSet());
        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        Family.ALL.stream().map(Family::architecture).toList());
    }

    @Test
    void everyFamilyHasATokenizerOfItsKind() {
        Set<String> covered =
                TokenizerCase.all().map(TokenizerCase::architecture).collect(Collectors.toSet());
        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        Family.ALL.stream().map(Family::architecture).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Qwen3MoeForCausalLM",
                "MixtralForCausalLM",
                "GraniteMoeForCausalLM",
                "JambaForCausalLM",
                "GraniteMoeHybridForCausalLM",
                "MambaForCausalLM",
                "BartForConditionalGeneration",
                "LlavaForConditionalGeneration",
                "Qwen2_5_VLForConditionalGeneration",
                "T5ForConditionalGeneration",
                "Gemma3ForConditionalGeneration",
                "Phi4MultimodalForCausalLM",
                "GPT2LMHeadModel"
            })
    void anotherArchitectureIsRefusedWithAllThatAreSupported(String architecture) throws IOException {
        ObjectNode config = config("gqa");
        config.putArray("architectures").add(architecture);
        assertThatThrownBy(() -> read(config))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining("architectures is [\"" + architecture + "\"]; supported is a dense text model")
                .hasMessageContaining("LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM,")
                .hasMessageContaining("Olmo2ForCausalLM, SmolLM3ForCausalLM");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mistral|sliding_window|0|sliding_window is 0; supported is a whole number above 0",
                "qwen2|sliding_window|0|sliding_window is 0",
                "mistral|sliding_window|-1|sliding_window is -1",
                "gemma3|sliding_window|0|sliding_window is 0",
                "gemma3|rope_scaling|{\"rope_type\":\"linear\",\"factor\":0}|rope_scaling.factor is 0",
                "gemma3|rope_parameters|{\"full_attention\":{\"rope_type\":\"linear\",\"factor\":-8}}|rope_parameters.full_attention.factor is -8",
                "qwen2|use_sliding_window|\"yes\"|use_sliding_window is yes; supported is true or false",
                "qwen2|layer_types|[\"full_attention\"]|supported is a list of sliding_attention and full_attention, one for each of 2",
                "gemma2|sliding_window|0|sliding_window is 0",
                "gemma2|layer_types|[\"full_attention\",\"linear_attention\"]|layer_types is",
                "gemma2|hidden_activation|\"gelu\"|hidden_activation is gelu; supported is gelu_pytorch_tanh",
                "gemma2|attn_logit_softcapping|0|supported is a number above 0, or null",
                "gemma2|query_pre_attn_scalar|-1|query_pre_attn_scalar is -1",
                "gemma3|rope_local_base_freq|0|rope_local_base_freq is 0",
                "gemma3|use_bidirectional_attention|true|supported is false",
                "phi3|sliding_window|0|sliding_window is 0",
                "phi3|partial_rotary_factor|0.4|partial_rotary_factor is 0.4",
                "phi3|partial_rotary_factor|2|partial_rotary_factor is 2",
                "phi3|rope_scaling|{\"type\":\"longrope\",\"short_factor\":[1,1]}|rope_scaling.long_factor is nothing",
                "phi3|rope_scaling|{\"type\":\"longrope\",\"short_factor\":[1,-1],\"long_factor\":[1,1]}|rope_scaling.short_factor is [1,-1]",
                "phi3|rope_scaling|{\"type\":\"longrope\",\"short_factor\":[1],\"long_factor\":[1,1]}|a number for each of 2 pairs",
                "qwen3|rope_scaling|{\"rope_type\":\"yarn\"}|rope_scaling.factor is nothing; supported is a number above 0",
                "qwen3|rope_scaling|{\"rope_type\":\"yarn\",\"factor\":-4}|rope_scaling.factor is -4",
                "qwen3|rope_scaling|{\"rope_type\":\"yarn\",\"factor\":4,\"beta_fast\":\"x\"}|rope_scaling.beta_fast is x",
                "qwen3|rope_scaling|{\"rope_type\":\"yarn\",\"factor\":4,\"beta_slow\":-1}|rope_scaling.beta_slow is -1",
                "qwen3|rope_scaling|{\"rope_type\":\"yarn\",\"factor\":4,\"attention_factor\":0}|rope_scaling.attention_factor is 0",
                "qwen3|rope_scaling|{\"rope_type\":\"yarn\",\"factor\":4,\"original_max_position_embeddings\":0}|original_max_position_embeddings is 0",
                "phi3|rope_scaling|{\"type\":\"longrope\",\"short_factor\":[1,1],\"long_factor\":[1,1e400]}|rope_scaling.long_factor is [1,",
                "phi3|rope_scaling|{\"type\":\"longrope\",\"short_factor\":[1,1],\"long_factor\":[1,0]}|rope_scaling.long_factor is [1,0]",
                "llama-dynamic|rope_scaling|{\"rope_type\":\"dynamic\"}|rope_scaling.factor is nothing",
                "llama-dynamic|rope_scaling|{\"rope_type\":\"dynamic\",\"factor\":-2}|rope_scaling.factor is -2",
                "llama-linear|rope_scaling|{\"rope_type\":\"linear\",\"factor\":-2}|rope_scaling.factor is -2; supported is a number above 0",
                "llama3-rope|rope_scaling|{\"rope_type\":\"llama3\",\"low_freq_factor\":1,\"high_freq_factor\":4}|rope_scaling.factor is nothing",
                "llama3-rope|rope_scaling|{\"rope_type\":\"llama3\",\"factor\":-8,\"low_freq_factor\":1,\"high_freq_factor\":4}|rope_scaling.factor is -8",
                "llama3-rope|rope_scaling|{\"rope_type\":\"llama3\",\"factor\":8,\"high_freq_factor\":4}|rope_scaling.low_freq_factor is nothing",
                "llama3-rope|rope_scaling|{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":4}|rope_scaling.high_freq_factor is 4; supported is a number above low_freq_factor, 4",
                "llama3-rope|rope_scaling|{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4}|rope_scaling.original_max_position_embeddings is nothing",
                "granite|logits_scaling|0|logits_scaling is 0; supported is a number above 0",
                "granite|attention_multiplier|\"x\"|attention_multiplier is x",
                "smollm3|no_rope_layers|[1,0]|supported is a list of 0 and 1, one for each of 3 layers",
                "smollm3|no_rope_layers|[1,0,2]|no_rope_layers is [1,0,2]"
            })
    void valuesThatMeanNothingAreRefused(String fixture, String field, String value, String message)
            throws IOException {
        ObjectNode config = config(fixture);
        config.set(field, JSON.readTree(value));
        assertThatThrownBy(() -> read(config))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining(message);
    }

    /** Families whose windows have to be asked for. */
    @ParameterizedTest
    @CsvSource({"qwen2", "qwen3", "smollm3"})
    void aWindowOfNothingIsRefusedWhereWindowsAreAskedFor(String fixture) throws IOException {
        ObjectNode config = config(fixture).put("use_sliding_window", true).put("sliding_window", 0);
        config.remove("layer_types");
        assertThatThrownBy(() -> read(config))
                .hasMessageContaining("sliding_window is 0; supported is a whole number above 0");
        config.put("use_sliding_window", false);
        assertThat(read(config).architecture().attention().window()).isZero();
    }

    /** The text part of a file for several media may be what is packed, or what asks for code. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"quantization_config|{\"bits\":4}", "auto_map|{\"AutoModel\":\"x.Y\"}"})
    void whatIsRefusedAtTheTopIsRefusedInTextConfig(String field, String value) throws IOException {
        ObjectNode nested = JSON.createObjectNode();
        nested.putArray("architectures").add("Gemma3ForCausalLM");
        nested.set("text_config", config("gemma3").set(field, JSON.readTree(value)));
        assertThatThrownBy(() -> read(nested)).hasMessageContaining("text_config." + field + " is {");
    }

    @Test
    void gemma3IsReadFromTheTopAndFromTextConfigInBothGenerations() throws IOException {
        ModelConfig flat = read(config("gemma3"));
        ObjectNode nested = JSON.createObjectNode();
        nested.putArray("architectures").add("Gemma3ForCausalLM");
        nested.set("text_config", config("gemma3"));
        assertThat(read(nested)).isEqualTo(flat);

        ObjectNode five = config("gemma3");
        five.remove(List.of("rope_theta", "rope_local_base_freq", "rope_scaling"));
        ObjectNode ropes = five.putObject("rope_parameters");
        ropes.putObject("full_attention")
                .put("rope_type", "linear")
                .put("factor", 8.0)
                .put("rope_theta", 1e6);
        ropes.putObject("sliding_attention").put("rope_type", "default").put("rope_theta", 1e4);
        assertThat(read(five)).isEqualTo(flat);

        ObjectNode wrong = JSON.createObjectNode();
        wrong.putArray("architectures").add("Gemma3ForCausalLM");
        wrong.set("text_config", config("gemma3").put("sliding_window", 0));
        assertThatThrownBy(() -> read(wrong)).hasMessageContaining("text_config.sliding_window is 0");
    }

    @Test
    void phi3IsReadInBothGenerations() throws IOException {
        ModelConfig four = read(config("phi3"));
        ObjectNode five = config("phi3");
        ObjectNode rope = five.putObject("rope_parameters");
        rope.setAll((ObjectNode) five.path("rope_scaling"));
        rope.remove("type");
        rope.put("rope_type", "longrope").put("rope_theta", 1e4).put("partial_rotary_factor", 0.5);
        rope.put("original_max_position_embeddings", 32);
        five.remove(List.of("rope_theta", "rope_scaling", "partial_rotary_factor", "original_max_position_embeddings"));
        assertThat(read(five)).isEqualTo(four);
    }

    /** A file leaves out what equals the default of its family, and families differ. */
    @Test
    void fillsInWhatEachFamilyLeavesOut() throws IOException {
        ObjectNode gemma = config("gemma2");
        gemma.remove(
                List.of("tie_word_embeddings", "layer_types", "final_logit_softcapping", "attn_logit_softcapping"));
        ModelConfig read = read(gemma);
        assertThat(read.tiedHead()).isTrue();
        assertThat(read.architecture().attention().windowed()).containsExactly(true, false);
        assertThat(read.architecture().attention().softCap()).isEqualTo(50);
        assertThat(read.architecture().scales().logitsCap()).isEqualTo(30);

        ObjectNode gemma3 = config("gemma3").put("num_hidden_layers", 12);
        gemma3.remove("layer_types");
        assertThat(read(gemma3).architecture().attention().windowed())
                .containsExactly(true, true, true, true, true, false, true, true, true, true, true, false);

        ObjectNode smol = config("smollm3").put("num_hidden_layers", 5);
        smol.remove(List.of("no_rope_layers", "layer_types", "tie_word_embeddings"));
        assertThat(read(smol).architecture().rotation().perLayer()).containsExactly(0, 0, 0, Rotation.NONE, 0);
        assertThat(read(smol).tiedHead()).isTrue();

        ObjectNode mistral = config("mistral");
        mistral.remove("sliding_window");
        assertThat(read(mistral).architecture().attention().window()).isEqualTo(4096);
        mistral.putNull("sliding_window");
        assertThat(read(mistral).architecture().attention().window()).isZero();

        ObjectNode qwen = config("qwen2");
        qwen.put("use_sliding_window", false);
        assertThat(read(qwen).architecture().attention().window()).isZero();
        qwen.remove("tie_word_embeddings");
        assertThat(read(qwen).tiedHead()).isFalse();

        ObjectNode qwen3 = config("qwen3");
        qwen3.remove("head_dim");
        assertThat(read(qwen3).headDim()).isEqualTo(128);
    }
}
