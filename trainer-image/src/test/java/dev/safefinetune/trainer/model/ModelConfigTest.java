package dev.safefinetune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(config.rope()).isEqualTo(new Rope(10_000, Rope.Scaling.NONE));
        assertThat(config.dtype()).isEqualTo(DType.F32);
        assertThat(config.tiedHead()).isFalse();
    }

    @Test
    void writesWhatItReads() throws IOException {
        for (Rope.Scaling scaling :
                List.of(Rope.Scaling.NONE, new Rope.Scaling.Linear(2), new Rope.Scaling.Llama3(8, 1, 4, 64))) {
            ModelConfig config = new ModelConfig(
                    64, 16, 24, 2, 4, 2, 8, 128, 1e-6, true, false, true, new Rope(5e5, scaling), 0.1, DType.BF16);
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
                "rope_scaling|{\"rope_type\":\"yarn\",\"factor\":4}|default, linear, llama3",
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

    @Test
    void missingAndBrokenFilesAreTheModelsFault() throws IOException {
        assertThatThrownBy(() -> ModelConfig.read(directory)).hasMessageContaining("does not exist");
        Files.writeString(directory.resolve("config.json"), "{");
        assertThatThrownBy(() -> ModelConfig.read(directory)).hasMessageContaining("is not JSON");
    }
}
