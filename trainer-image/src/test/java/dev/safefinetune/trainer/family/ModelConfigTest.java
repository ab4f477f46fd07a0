package dev.safefinetune.trainer.family;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.kernel.Architecture;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelConfigTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private static ObjectNode valid() throws IOException {
        return (ObjectNode) JSON.readTree(
                ParityCase.open("gqa").checkpoint().resolve("config.json").toFile());
    }

    private ModelConfig read(ObjectNode config) throws IOException {
        Files.writeString(directory.resolve("config.json"), config.toString());
        return ModelConfig.read(directory);
    }

    @Test
    void readsBothGenerationsOfKeys() throws IOException {
        ObjectNode five = valid();
        five.remove(List.of("rope_theta", "rope_scaling"));
        five.putObject("rope_parameters").put("rope_type", "default").put("rope_theta", 10000.0);
        ObjectNode four = valid();
        four.remove("dtype");
        four.put("torch_dtype", "float32");
        assertThat(read(five)).isEqualTo(read(four)).isEqualTo(read(valid()));
    }

    @Test
    void fillsInWhatOlderFilesLeaveOut() throws IOException {
        ObjectNode old = valid();
        old.remove(List.of("num_key_value_heads", "head_dim", "rope_theta", "dtype", "tie_word_embeddings"));
        ModelConfig config = read(old);
        assertThat(config.keyValueHeads()).isEqualTo(4);
        assertThat(config.headDim()).isEqualTo(4);
        assertThat(config.ropes()).containsExactly(new Rope(10_000, Rope.Scaling.NONE));
        assertThat(config.dtype()).isEqualTo(DType.F32);
        assertThat(config.tiedHead()).isFalse();
    }

    @Test
    void writesWhatItReads() throws IOException {
        for (Rope.Scaling scaling :
                List.of(Rope.Scaling.NONE, new Rope.Scaling.Linear(2), new Rope.Scaling.Llama3(8, 1, 4, 64))) {
            Architecture architecture =
                    Architecture.llama(new Architecture.Sizes(2, 16, 24, 4, 2, 8), 1e-6, true, false, true);
            ModelConfig config =
                    new ModelConfig(64, 128, architecture, List.of(new Rope(5e5, scaling)), 0.1, DType.BF16);
            assertThat(read((ObjectNode) JSON.readTree(config.toJson()))).isEqualTo(config);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "architectures|[\"GPT2LMHeadModel\"]|LlamaForCausalLM",
                "auto_map|{\"AutoModel\":\"x.Y\"}|never run",
                "quantization_config|{\"bits\":4}|float32, float16 or bfloat16",
                "hidden_act|\"gelu\"|silu",
                "num_key_value_heads|3|divisor",
                "head_dim|5|even",
                "hidden_size|0|above 0",
                "vocab_size|\"many\"|above 0",
                "num_hidden_layers|null|above 0",
                "num_hidden_layers|1025|at most 1024",
                "rope_scaling|{\"rope_type\":\"ntk\",\"factor\":4}|default, linear, dynamic, llama3, yarn or longrope",
                "rope_scaling|{\"rope_type\":\"linear\"}|rope_scaling.factor",
                "dtype|\"int8\"|bfloat16",
                "partial_rotary_factor|0.5|supported is 1"
            })
    void whatIsNotSupportedIsRefusedByName(String field, String value, String right) throws IOException {
        ObjectNode config = valid();
        config.set(field, JSON.readTree(value));
        assertThatThrownBy(() -> read(config))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining(field.equals("rope_scaling") ? "rope_" : field)
                .hasMessageContaining(right);
    }

    /** Every field that is read, and which of {@link #VALUES} are right for it. */
    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            entry("architectures", List.of()),
            entry("auto_map", List.of("null")),
            entry("quantization_config", List.of("null")),
            entry("hidden_act", List.of()),
            entry("partial_rotary_factor", List.of("null")),
            entry("num_attention_heads", List.of()),
            entry("hidden_size", List.of()),
            entry("num_key_value_heads", List.of("null")),
            entry("head_dim", List.of("null")),
            entry("vocab_size", List.of()),
            entry("intermediate_size", List.of()),
            entry("num_hidden_layers", List.of()),
            entry("max_position_embeddings", List.of()),
            entry("rms_norm_eps", List.of("0", "1.5")),
            entry("attention_bias", List.of("true", "false")),
            entry("mlp_bias", List.of("true", "false")),
            entry("tie_word_embeddings", List.of("true", "false")),
            entry("initializer_range", List.of("0", "1.5")),
            entry("rope_theta", List.of("1.5")),
            entry("rope_scaling", List.of("null", "{}")),
            entry("rope_parameters", List.of("null", "{}")),
            entry("dtype", List.of("null")),
            entry("torch_dtype", List.of("null")));

    private static final List<String> VALUES =
            List.of("null", "true", "false", "0", "-1", "1.5", "1e400", "\"x\"", "\"4\"", "\"\"", "[]", "[1]", "{}");

    static Stream<Arguments> everyFieldWithEveryValue() {
        return FIELDS.keySet().stream().sorted().flatMap(f -> VALUES.stream().map(v -> Arguments.of(f, v)));
    }

    @ParameterizedTest
    @MethodSource("everyFieldWithEveryValue")
    void aValueOfAnotherTypeIsRefusedWithWhatIsRight(String field, String value) throws IOException {
        Files.writeString(directory.resolve("config.json"), withField(field, value));
        if (FIELDS.getOrDefault(field, List.of()).contains(value)) {
            assertThatCode(() -> ModelConfig.read(directory)).doesNotThrowAnyException();
            return;
        }
        String shown = value.equals("1e400") ? "" : value.length() > 2 ? value.replace("\"", "") : value;
        assertThatThrownBy(() -> ModelConfig.read(directory))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining("config.json: " + field + " is " + shown)
                .hasMessageContaining("; supported is ");
    }

    private static String withField(String field, String value) throws IOException {
        ObjectNode config = valid();
        config.remove(List.of(field, field.equals("torch_dtype") ? "dtype" : field));
        return "{\"" + field + "\":" + value + "," + config.toString().substring(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rope_scaling|{\"rope_type\":\"linear\",\"factor\":\"4\"}|rope_scaling.factor is 4; supported is a number",
                "rope_scaling|{\"rope_type\":7}|rope_scaling.rope_type is 7",
                "rope_scaling|{\"type\":[]}|rope_scaling.type is []",
                "rope_parameters|{\"rope_theta\":\"x\"}|rope_parameters.rope_theta is x",
                "rope_parameters|{\"partial_rotary_factor\":0.5}|rope_parameters.partial_rotary_factor is 0.5",
                "rope_parameters|{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4,\"original_max_position_embeddings\":1.5}|rope_parameters.original_max_position_embeddings is 1.5"
            })
    void whatStandsInsideOfRopeIsReadAsStrictly(String field, String value, String message) throws IOException {
        ObjectNode config = valid();
        config.set(field, JSON.readTree(value));
        assertThatThrownBy(() -> read(config)).hasMessageContaining(message);
    }

    @Test
    void missingAndBrokenFilesAreTheModelsFault() throws IOException {
        assertThatThrownBy(() -> ModelConfig.read(directory)).hasMessageContaining("does not exist");
        Files.writeString(directory.resolve("config.json"), "{");
        assertThatThrownBy(() -> ModelConfig.read(directory)).hasMessageContaining("is not JSON");
    }
}
