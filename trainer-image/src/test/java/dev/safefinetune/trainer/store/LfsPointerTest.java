package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where git-lfs fetched nothing, a few lines of text lie under the name of each large file. */
class LfsPointerTest {
    private static final Path MODELS = Path.of("src/test/resources/cases/models");

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "model.safetensors",
                "model-00001-of-00002.safetensors",
                "model.safetensors.index.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "chat_template.jinja",
                "generation_config.json",
                "special_tokens_map.json",
                "added_tokens.json",
                "vocab.json",
                "vocab.txt",
                "merges.txt",
                "tokenizer.model",
                "adapter_config.json",
                "adapter_model.safetensors"
            })
    void isNamedWhicheverFileItIs(String name) throws IOException {
        Path model = dir.resolve("model");
        ModelDirectory.copy(MODELS.resolve("base"), model);
        Files.copy(
                MODELS.resolve("lfs-pointer/model.safetensors"),
                model.resolve(name),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> ModelDirectory.inspect(model))
                .isInstanceOfSatisfying(
                        TrainerException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.fault())
                                .isEqualTo(Fault.MODEL_INVALID))
                .hasMessage(model.resolve(name) + " is a git-lfs pointer and not the file itself; run git lfs pull");
        assertThatThrownBy(() -> ModelDirectory.copy(model, dir.resolve("copy")))
                .hasMessageContaining(name + " is a git-lfs pointer");
    }
}
