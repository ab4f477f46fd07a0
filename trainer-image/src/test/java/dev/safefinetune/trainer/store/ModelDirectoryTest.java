package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
    @TempDir
    Path dir;

    @BeforeEach
    void aWholeModel() throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"llama\"}");
        Files.writeString(dir.resolve("tokenizer.json"), "{}");
        SafetensorsWriter.write(dir.resolve("model.safetensors"), List.of(tensor("a"), tensor("b")));
    }

    @Test
    void acceptsAWholeModel() {
        assertThat(ModelDirectory.inspect(dir).config().path("model_type").asText())
                .isEqualTo("llama");
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        refused(dir.resolve("nowhere"), "does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
    void refusesAMissingFileByName(String name) throws IOException {
        Files.delete(dir.resolve(name));
        refused(dir, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "x.pt", "x.pth", "x.pkl", "X.CKPT"})
    void refusesAPickleFileByNameWhereNothingElseHoldsWeights(String name) throws IOException {
        Files.delete(dir.resolve("model.safetensors"));
        Files.writeString(dir.resolve(name), "");
        refused(dir, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth", "pytorch_model.bin"})
    void leavesAPickleFileBesideSafetensorsWhereItLies(String name) throws IOException {
        Files.writeString(dir.resolve(name), "");
        ModelDirectory.inspect(dir);
        assertThat(ModelDirectory.pickles(dir)).containsExactly(name);
        Path copy = dir.resolve("copy");
        assertThat(ModelDirectory.copy(dir, copy)).isEqualTo(ModelDirectory.digest(dir));
        assertThat(copy.resolve(name)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer_config.json"})
    void refusesRemoteCode(String name) throws IOException {
        Files.writeString(dir.resolve(name), "{\"auto_map\":{\"AutoModel\":\"evil.Model\"}}");
        refused(dir, "auto_map");
    }

    @Test
    void refusesAConfigThatIsNotJson() throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\n\"a\":");
        refused(dir, "config.json is not JSON");
    }

    @Test
    void refusesATruncatedCheckpoint() throws IOException {
        byte[] whole = Files.readAllBytes(dir.resolve("model.safetensors"));
        Files.write(dir.resolve("model.safetensors"), java.util.Arrays.copyOf(whole, whole.length - 1));
        refused(dir, "is truncated");
    }

    @Test
    void readsShardsByTheIndexAndDoesNotTrustItsTotal() throws IOException {
        shards("{\"metadata\":{\"total_size\":1},\"weight_map\":{\"a\":\"s1.safetensors\",\"b\":\"s2.safetensors\"}}");
        ModelDirectory.inspect(dir);
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b");
        }
    }

    @Test
    void refusesAnIndexThatNamesATensorWhichIsNotThere() throws IOException {
        shards("{\"weight_map\":{\"a\":\"s1.safetensors\",\"b\":\"s2.safetensors\",\"c\":\"s2.safetensors\"}}");
        refused(dir, "tensor c is in s2.safetensors, it is not");
    }

    @Test
    void refusesAShardThatHoldsATensorWhichTheIndexDoesNotName() throws IOException {
        shards("{\"weight_map\":{\"a\":\"s1.safetensors\"}}");
        SafetensorsWriter.write(dir.resolve("s1.safetensors"), List.of(tensor("a"), tensor("z")));
        refused(dir, "does not name tensor z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../s1.safetensors", "/s1.safetensors", "s1.bin", ""})
    void refusesAShardOutsideTheDirectory(String shard) throws IOException {
        shards("{\"weight_map\":{\"a\":\"" + shard + "\"}}");
        refused(dir, "names a shard that is no safetensors file beside it");
    }

    @Test
    void theDigestCoversTheModelAndNothingElse() throws IOException {
        Digest before = ModelDirectory.digest(dir);
        Files.writeString(dir.resolve("README.md"), "# card");
        assertThat(ModelDirectory.digest(dir)).isEqualTo(before);
        Files.writeString(dir.resolve("chat_template.jinja"), "{{ messages }}");
        assertThat(ModelDirectory.digest(dir))
                .as("a template alone can backdoor a model")
                .isNotEqualTo(before);
    }

    @Test
    void aCopyHasTheSameDigestAndLeavesStrangersBehind() throws IOException {
        Files.writeString(dir.resolve("modeling_evil.py"), "import os");
        Path copy = dir.resolve("sub/copy");
        assertThat(ModelDirectory.copy(dir, copy)).isEqualTo(ModelDirectory.digest(dir));
        assertThat(Digests.files(copy)).containsExactly("config.json", "model.safetensors", "tokenizer.json");
    }

    private void shards(String index) throws IOException {
        Files.delete(dir.resolve("model.safetensors"));
        SafetensorsWriter.write(dir.resolve("s1.safetensors"), List.of(tensor("a")));
        SafetensorsWriter.write(dir.resolve("s2.safetensors"), List.of(tensor("b")));
        Files.writeString(dir.resolve("model.safetensors.index.json"), index);
    }

    private static OutgoingTensor tensor(String name) {
        return new OutgoingTensor(name, DType.F32, List.of(1L), () -> MemorySegment.ofArray(new byte[4]));
    }

    private static void refused(Path directory, String message) {
        assertThatThrownBy(() -> ModelDirectory.inspect(directory))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining(message);
    }
}
