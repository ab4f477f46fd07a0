package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
    @TempDir
    Path dir;

    /** transformers looks for the single file first; an index is left over from a model that was sharded before. */
    @Test
    void aSingleFileCountsBesideAStaleIndex() throws IOException {
        write("model.safetensors", "new", DType.F32, floats(1, 2, 3));
        write("model-00001-of-00001.safetensors", "old", DType.F32, floats(4));
        Files.writeString(
                dir.resolve(Checkpoint.INDEX), "{\"weight_map\":{\"old\":\"model-00001-of-00001.safetensors\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("new");
        }
        assertThat(Checkpoint.notRead(dir)).containsExactly("model-00001-of-00001.safetensors", Checkpoint.INDEX);
        Files.delete(dir.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("old");
        }
        assertThat(Checkpoint.notRead(dir)).isEmpty();
    }

    @Test
    void anIndexThatCannotBeReadDoesNoHarmBesideASingleFile() throws IOException {
        write("model.safetensors", "new", DType.F32, floats(1));
        Files.writeString(dir.resolve(Checkpoint.INDEX), "{");
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("new");
        }
        assertThat(Checkpoint.notRead(dir)).containsExactly(Checkpoint.INDEX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'w':'1','v':'2' | 'w' | 'v' | none",
                "'w':'1','v':'2' | 'w' | 'v','w' | 2.safetensors holds tensor w, which another shard holds too",
                "'w':'2','v':'2' | 'w' | 'v' | index.json says that tensor w is in 2.safetensors, it is not",
                "'w':'2','v':'1' | 'w' | 'v' | index.json says that tensor v is in 1.safetensors, it is not",
                "'w':'1','v':'1' | 'w' | 'v' | index.json says that tensor v is in 1.safetensors, it is not",
                "'w':'1','x':'1' | 'w' | 'v' | index.json says that tensor x is in 1.safetensors, it is not",
                "'w':'1','v':'2' | 'w','x' | 'v' | index.json does not name tensor x, which a shard holds",
                "'w':'1','v':'3' | 'w' | 'v' | 3.safetensors does not exist",
                "'w':'1','w':'2' | 'w' | 'v' | index.json names a tensor twice",
                "'w':'1','v':7 | 'w' | 'v' | index.json names a shard that is no safetensors file beside it",
                "'w':'1','v':'../2' | 'w' | 'v' | index.json names a shard that is no safetensors file beside it",
                "    | 'w' | 'v' | index.json has no weight_map",
            },
            quoteCharacter = '`')
    void shardsAndTheirIndexHaveToSayTheSame(String map, String first, String second, String message)
            throws IOException {
        write("1.safetensors", first);
        write("2.safetensors", second);
        String names = map == null
                ? ""
                : map.replaceAll(":'([^']*)'", ":'$1.safetensors'").replace('\'', '"');
        Files.writeString(dir.resolve(Checkpoint.INDEX), "{\"weight_map\":{" + names + "}}");
        if (message.equals("none")) {
            assertThatCode(() -> Checkpoint.open(dir).close()).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> Checkpoint.open(dir).close())
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                    .hasMessageContaining(message);
        }
    }

    private void write(String shard, String names) {
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (String name : names.replace("'", "").split(",")) {
            tensors.add(new OutgoingTensor(name, DType.F32, List.of(1L), () -> MemorySegment.ofArray(floats(1))));
        }
        SafetensorsWriter.write(dir.resolve(shard), tensors);
    }

    /** In each place of eight bytes, and in what is left behind the last eight. */
    @ParameterizedTest
    @CsvSource({
        "F32, 7fc00000",
        "F32, 7f800000",
        "F32, ff800000",
        "F32, 7f800001",
        "F16, 7c00",
        "F16, fc00",
        "F16, 7e01",
        "BF16, 7f80",
        "BF16, ff80",
        "BF16, 7fc0"
    })
    void valuesThatAreNoNumbersAreFoundWhereverTheyStand(DType type, String bits) throws IOException {
        int value = (int) Long.parseLong(bits, 16);
        for (int count = 1; count < 12; count++) {
            for (int at = 0; at < count; at++) {
                ByteBuffer bytes = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                put(bytes, at, type, value);
                write("model.safetensors", "w", type, bytes.array());
                assertThatThrownBy(() -> FiniteWeights.require(dir))
                        .hasMessageContaining("model.safetensors tensor w holds NaN or infinity");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 7f7fffff", "F32, ff7fffff", "F32, 80000001", "F16, 7bff", "F16, fbff", "BF16, 7f7f", "BF16, ff7f"
    })
    void theLargestNumbersPass(DType type, String bits) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(9 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 9; i++) {
            put(bytes, i, type, (int) Long.parseLong(bits, 16));
        }
        write("model.safetensors", "w", type, bytes.array());
        assertThatCode(() -> FiniteWeights.require(dir)).doesNotThrowAnyException();
    }

    private static void put(ByteBuffer bytes, int at, DType type, int value) {
        if (type.bytes() == Integer.BYTES) {
            bytes.putInt(at * Integer.BYTES, value);
        } else {
            bytes.putShort(at * Short.BYTES, (short) value);
        }
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private void write(String file, String tensor, DType type, byte[] bytes) throws IOException {
        Files.deleteIfExists(dir.resolve(file));
        long count = bytes.length / type.bytes();
        SafetensorsWriter.write(
                dir.resolve(file),
                List.of(new OutgoingTensor(tensor, type, List.of(count), () -> MemorySegment.ofArray(bytes))));
    }
}
