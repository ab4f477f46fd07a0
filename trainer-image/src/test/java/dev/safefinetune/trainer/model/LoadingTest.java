package dev.safefinetune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadingTest {
    @TempDir
    private Path directory;

    /** A fixture's checkpoint with other tensors in it. */
    private void write(String name, Consumer<List<OutgoingTensor>> change) throws IOException {
        Path source = ParityCase.open(name).checkpoint();
        Files.copy(source.resolve("config.json"), directory.resolve("config.json"));
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            List<OutgoingTensor> tensors = new ArrayList<>();
            checkpoint.tensors().values().forEach(t -> tensors.add(OutgoingTensor.of(t)));
            change.accept(tensors);
            SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
        }
    }

    private static OutgoingTensor zeros(String name, DType type, List<Long> shape) {
        long bytes = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        return new OutgoingTensor(name, type, shape, () -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> CausalModel.load(directory))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining(message);
    }

    @Test
    void missingTensorIsNamed() throws IOException {
        write("gqa", tensors -> tensors.removeIf(t -> t.name().equals("model.norm.weight")));
        assertRefused("has no tensor model.norm.weight");
    }

    @Test
    void tiedHeadInTheFileHasToBeTheEmbedding() throws IOException {
        write("tied-bias", tensors -> tensors.add(zeros("lm_head.weight", DType.F32, List.of(64L, 16L))));
        assertRefused("has a tensor lm_head.weight other than its embedding, although its config.json has");
    }

    @Test
    void tiedHeadThatIsTheEmbeddingIsRead() throws IOException {
        write("tied-bias", tensors -> {
            OutgoingTensor embedding = tensors.stream()
                    .filter(t -> t.name().equals("model.embed_tokens.weight"))
                    .findFirst()
                    .orElseThrow();
            tensors.add(new OutgoingTensor("lm_head.weight", DType.F32, embedding.shape(), embedding.content()));
        });
        assertThatCode(() -> CausalModel.load(directory).close()).doesNotThrowAnyException();
    }

    @Test
    void tensorOfAnotherShapeIsNamedWithBothShapes() throws IOException {
        write(
                "gqa",
                tensors -> tensors.replaceAll(
                        t -> t.name().equals("model.norm.weight") ? zeros(t.name(), DType.F32, List.of(17L)) : t));
        assertRefused("tensor model.norm.weight is [17], its config.json asks for [16]");
    }

    @Test
    void unknownTensorIsNamed() throws IOException {
        write("gqa", tensors -> tensors.add(zeros("model.extra.weight", DType.F32, List.of(2L))));
        assertRefused("model.extra.weight");
    }

    @Test
    void elementTypeThatIsNotSupportedIsNamed() throws IOException {
        write(
                "gqa",
                tensors -> tensors.replaceAll(
                        t -> t.name().equals("model.norm.weight") ? zeros(t.name(), DType.I32, List.of(16L)) : t));
        assertRefused("is I32, supported are F32, F16, BF16");
    }

    @Test
    void leftOversThatChangeNothingAreIgnored() throws IOException {
        write("tied-bias", tensors -> {
            tensors.add(zeros("model.layers.0.self_attn.rotary_emb.inv_freq", DType.F32, List.of(4L)));
        });
        try (CausalModel found = CausalModel.load(directory);
                CausalModel original =
                        CausalModel.load(ParityCase.open("tied-bias").checkpoint())) {
            assertThat(found.digests()).isEqualTo(original.digests());
        }
    }

    /** An odd scalar before a 32-bit tensor moves it off its alignment. */
    @Test
    void tensorsThatAreNotAlignedAreReadAsWell() throws IOException {
        Path source = ParityCase.open("gqa").checkpoint();
        write("gqa", tensors -> {});
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        int length = java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt();
        byte[] moved = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, moved, 0, 8 + length);
        moved[8 + length] = ' ';
        System.arraycopy(bytes, 8 + length, moved, 9 + length, bytes.length - 8 - length);
        java.nio.ByteBuffer.wrap(moved).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(0, length + 1L);
        Files.write(file, moved);
        try (CausalModel found = CausalModel.load(directory);
                CausalModel original = CausalModel.load(source)) {
            assertThat(found.digests()).isEqualTo(original.digests());
        }
    }
}
