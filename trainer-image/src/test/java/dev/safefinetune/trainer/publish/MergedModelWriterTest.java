package dev.safefinetune.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergedModelWriterTest {
    private static final Path PARITY = Path.of("src/test/resources/parity");

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "gqa-bf16", "tied-bias", "llama3-rope"})
    void aModelWithNothingMergedIsTheModelItself(String name) throws IOException {
        Path base = PARITY.resolve(name).resolve("checkpoint");
        try (CausalModel model = CausalModel.load(base);
                Adapter nothing =
                        Adapter.create(model, new LoraSettings(2, 4, false, List.of(LoraSettings.ALL_LINEAR)), 1)) {
            MergedModelWriter.write(base, model, nothing, dir);
        }
        assertThat(Files.readAllBytes(dir.resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(base.resolve("model.safetensors")));
        assertThat(Files.readString(dir.resolve("config.json")))
                .isEqualTo(Files.readString(base.resolve("config.json")));
    }

    @Test
    void shardsStayAsTheyWere() throws IOException {
        Path base = sharded();
        Path out = Files.createDirectory(dir.resolve("out"));
        try (CausalModel model = CausalModel.load(base)) {
            MergedModelWriter.write(base, model, null, out);
        }
        assertThat(Digests.files(out))
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        assertThat(Checkpoint.readIndex(out.resolve(Checkpoint.INDEX)))
                .isEqualTo(Checkpoint.readIndex(base.resolve(Checkpoint.INDEX)));
        Checkpoint.open(out).close();
    }

    /** What is written is what was read, and the shards of the index were not. */
    @Test
    void aStaleIndexIsNotWrittenAgain() throws IOException {
        Path base = sharded();
        Files.copy(PARITY.resolve("gqa/checkpoint/model.safetensors"), base.resolve("model.safetensors"));
        Path out = Files.createDirectory(dir.resolve("out"));
        try (CausalModel model = CausalModel.load(base)) {
            MergedModelWriter.write(base, model, null, out);
        }
        assertThat(Digests.files(out)).containsExactly("config.json", "model.safetensors");
    }

    private Path sharded() throws IOException {
        Path base = Files.createDirectory(dir.resolve("base"));
        Path whole = PARITY.resolve("gqa/checkpoint");
        Files.copy(whole.resolve("config.json"), base.resolve("config.json"));
        try (Checkpoint checkpoint = Checkpoint.open(whole)) {
            List<OutgoingTensor> first = new ArrayList<>();
            List<OutgoingTensor> second = new ArrayList<>();
            StringBuilder map = new StringBuilder();
            checkpoint.tensors().forEach((name, tensor) -> {
                boolean one = first.size() <= second.size();
                (one ? first : second).add(OutgoingTensor.of(tensor));
                map.append(map.isEmpty() ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":\"model-0000")
                        .append(one ? 1 : 2)
                        .append("-of-00002.safetensors\"");
            });
            SafetensorsWriter.write(base.resolve("model-00001-of-00002.safetensors"), first);
            SafetensorsWriter.write(base.resolve("model-00002-of-00002.safetensors"), second);
            Files.writeString(base.resolve(Checkpoint.INDEX), "{\"weight_map\":{" + map + "}}");
        }
        return base;
    }
}
