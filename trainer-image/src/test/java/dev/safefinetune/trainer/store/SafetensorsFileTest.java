package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    private static final Path PARITY = Path.of("src/test/resources/parity");

    @TempDir
    Path dir;

    @Test
    void readsNamesTypesShapesAndBytes() throws IOException {
        Path file = file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[8,9]}}",
                9);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.tensors().keySet()).containsExactly("a", "b");
            StoredTensor a = opened.tensor("a");
            assertThat(a.dtype()).isEqualTo(DType.F32);
            assertThat(a.dimensions()).containsExactly(2);
            assertThat(a.buffer().remaining()).isEqualTo(8);
            assertThat(a.buffer().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            StoredTensor b = opened.tensor("b");
            assertThat(b.elements()).isEqualTo(1);
            assertThat(Files.readAllBytes(file)[(int) b.offset()]).isEqualTo((byte) 8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gqa/checkpoint/model.safetensors",
                "gqa-bf16/checkpoint/model.safetensors",
                "gqa/adapter/adapter_model.safetensors",
                "tied-bias/checkpoint/model.safetensors"
            })
    void writesByteForByteWhatTheReferenceWriterWrites(String name) throws IOException {
        Path copy = dir.resolve("copy.safetensors");
        try (SafetensorsFile original = SafetensorsFile.open(PARITY.resolve(name))) {
            SafetensorsWriter.write(
                    copy,
                    original.tensors().values().stream().map(OutgoingTensor::of).toList());
        }
        assertThat(Files.readAllBytes(copy)).isEqualTo(Files.readAllBytes(PARITY.resolve(name)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "overlap           | {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[2,6]}} | 6 | overlaps",
                "hole              | {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[4,6]}} | 6 | hole of 2 bytes before tensor b",
                "hole at the start | {'a':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}} | 4 | hole of 2 bytes",
                "truncated         | {'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}} | 7 | is truncated",
                "trailing bytes    | {'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}} | 9 | 1 bytes after its last tensor",
                "overflow          | {'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}} | 0 | overflows",
                "offset past 2^63  | {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,18446744073709551615]}} | 1 | data_offsets",
                "negative          | {'a':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}} | 1 | shape",
                "wrong length      | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 4 | needs 8 bytes",
                "backwards         | {'a':{'dtype':'U8','shape':[2],'data_offsets':[2,0]}} | 2 | no range",
                "duplicate key     | {'a':{'dtype':'U8','shape':[0],'data_offsets':[0,0]},'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}} | 1 | twice",
                "path as a name    | {'../../etc/passwd':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}} | 1 | no module path",
                "unknown dtype     | {'a':{'dtype':'F4','shape':[2],'data_offsets':[0,1]}} | 1 | unknown dtype",
                "unknown field     | {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1],'x':1}} | 1 | exactly dtype, shape and data_offsets",
                "not JSON          | {'a':{'dtype' | 0 | not JSON",
                "not an object     | [1,2] | 0 | does not start with",
                "metadata number   | {'__metadata__':{'format':1}} | 0 | not a string",
            })
    void refusesWhatIsNotWhole(String what, String header, int dataLength, String message) throws IOException {
        Path file = file(header.replace('\'', '"'), dataLength);
        assertThatThrownBy(() -> SafetensorsFile.open(file).close())
                .as(what)
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                .hasMessageContaining("x.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void refusesAHeaderThatIsLongerThanTheFile() throws IOException {
        Path file = dir.resolve("x.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(100)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.open(file).close()).hasMessageContaining("is truncated");
    }

    @Test
    void refusesAHeaderAboveEightMebibytesWithoutReadingIt() throws IOException {
        Path file = dir.resolve("x.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong((8 << 20) + 1)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.open(file).close()).hasMessageContaining("header length");
    }

    @Test
    void refusesMoreThanAHundredThousandTensors() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= 100_001; i++) {
            header.append(i == 0 ? "" : ",").append("\"t").append(i).append("\":{}");
        }
        Path file = file(header.append("}").toString(), 0);
        assertThatThrownBy(() -> SafetensorsFile.open(file).close()).hasMessageContaining("100000");
    }

    @Test
    void everyTruncationOfARealFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(PARITY.resolve("gqa-bf16/checkpoint/model.safetensors"));
        Path file = dir.resolve("x.safetensors");
        for (int length = 0; length < whole.length; length += 97) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsFile.open(file).close()).isInstanceOf(TrainerException.class);
        }
    }

    @Test
    void aFullDiskIsAStorageFault() {
        OutgoingTensor tensor =
                new OutgoingTensor("a", DType.U8, List.of(100_000L), () -> MemorySegment.ofArray(new byte[100_000]));
        assertThatThrownBy(() -> SafetensorsWriter.write(Path.of("/dev/full"), List.of(tensor)))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.STORAGE));
    }

    private Path file(String header, int dataLength) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataLength).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (int i = 0; i < dataLength; i++) {
            bytes.put((byte) i);
        }
        return Files.write(dir.resolve("x.safetensors"), bytes.array());
    }
}
