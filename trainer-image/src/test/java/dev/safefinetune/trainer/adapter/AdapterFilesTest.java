package dev.safefinetune.trainer.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter's files are read as strictly as a model's. */
class AdapterFilesTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path MODEL = RESOURCES.resolve("parity/gqa/checkpoint");

    @TempDir
    Path directory;

    private Path adapter = Path.of("");

    @BeforeEach
    void copy() {
        adapter = directory.resolve("adapter");
        ModelDirectory.copy(RESOURCES.resolve("parity/gqa/adapter"), adapter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapter_config.json", "adapter_model.safetensors"})
    void aPointerIsNamed(String name) throws IOException {
        Files.copy(
                RESOURCES.resolve("cases/models/lfs-pointer/model.safetensors"),
                adapter.resolve(name),
                StandardCopyOption.REPLACE_EXISTING);
        refused(name + " is a git-lfs pointer");
    }

    @Test
    void weightsThatAreNoNumbersAreNamed() throws IOException {
        Path file = adapter.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(file, bytes);
        refused("holds NaN or infinity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r|\"8\"|r is \"8\"; supported is a whole number above 0",
                "r|1.5|r is 1.5; supported is",
                "r|0|r is 0; supported is",
                "lora_alpha|\"16\"|lora_alpha is \"16\"; supported is a number above 0",
                "lora_alpha|-1|lora_alpha is -1; supported is",
                "use_rslora|\"yes\"|use_rslora is \"yes\"; supported is true or false",
                "use_rslora|1|use_rslora is 1; supported is",
                "bias|true|bias is true; supported is none",
                "rank_pattern|\"q_proj\"|rank_pattern is \"q_proj\"; supported is an object",
                "rank_pattern|{\"q_proj\":\"8\"}|rank_pattern.q_proj is \"8\"; supported is a whole number above 0",
                "rank_pattern|{\"q_proj\":1.5}|rank_pattern.q_proj is 1.5; supported is",
                "alpha_pattern|{\"q_proj\":\"8\"}|alpha_pattern.q_proj is \"8\"; supported is a number above 0",
                "alpha_pattern|[1]|alpha_pattern is [1]; supported is an object"
            })
    void aValueOfAnotherTypeIsRefusedWithWhatIsRight(String field, String value, String message) throws IOException {
        set(field, value);
        refused("adapter_config.json: " + message);
    }

    @ParameterizedTest
    @CsvSource({"use_rslora, null", "rank_pattern, null", "alpha_pattern, null", "bias, null", "use_rslora, false"})
    void whatSaysNothingPasses(String field, String value) throws IOException {
        set(field, value);
        assertThatCode(() -> AdapterConfig.read(adapter)).doesNotThrowAnyException();
    }

    private void set(String field, String value) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path file = adapter.resolve("adapter_config.json");
        ObjectNode config = (ObjectNode) json.readTree(file.toFile());
        config.set(field, json.readTree(value));
        Files.writeString(file, config.toString());
    }

    private void refused(String message) {
        try (CausalModel model = CausalModel.load(MODEL)) {
            assertThatThrownBy(() -> Adapter.read(model, adapter).close())
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                    .hasMessageContaining(message);
        }
    }
}
