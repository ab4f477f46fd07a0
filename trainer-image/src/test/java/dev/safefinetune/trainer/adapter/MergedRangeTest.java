package dev.safefinetune.trainer.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights that training has taken beyond the largest number of the checkpoint's type, and large ones that it can hold. */
class MergedRangeTest {
    private static final LoraSettings LORA = new LoraSettings(2, 4, false, List.of("q_proj"));
    private static final String NORM = "model.norm.weight";

    @TempDir
    Path dir;

    /** The fixture with weights of another type, and one weight of its last norm at will. */
    private Path base(DType type, float norm) throws IOException {
        Path source = ParityCase.open("gqa").checkpoint();
        Path base = Files.createDirectories(dir.resolve(type + "-" + norm));
        Files.copy(source.resolve("config.json"), base.resolve("config.json"));
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            List<OutgoingTensor> tensors = new ArrayList<>();
            for (StoredTensor tensor : checkpoint.tensors().values()) {
                float[] values = tensor.values();
                if (tensor.name().equals(NORM)) {
                    values[3] = norm;
                }
                MemorySegment bytes = MemorySegment.ofBuffer(bytes(type, values));
                tensors.add(new OutgoingTensor(tensor.name(), type, tensor.shape(), () -> bytes));
            }
            SafetensorsWriter.write(base.resolve("model.safetensors"), tensors);
        }
        return base;
    }

    private static ByteBuffer bytes(DType type, float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case F16 -> bytes.putShort(Float.floatToFloat16(value));
                case BF16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
                default -> bytes.putFloat(value);
            }
        }
        return bytes.flip();
    }

    /** Merges an adapter whose s·B·A is 4·a·b in its first row, and half of that in all others. */
    private void write(Path base, float a, float b, Path out) {
        try (CausalModel model = CausalModel.load(base);
                Adapter adapter = Adapter.create(model, LORA, 1);
                Scope scope = new Scope()) {
            fill(model, scope, adapter.a(1), a, a);
            fill(model, scope, adapter.b(1), b, b / 2);
            AtomicDirectory.write(out, directory -> MergedModelWriter.write(base, model, adapter, directory));
        }
    }

    private static void fill(CausalModel model, Scope scope, Tensor to, float first, float others) {
        float[] values = new float[Math.toIntExact(to.elements())];
        Arrays.fill(values, others);
        Arrays.fill(values, 0, LORA.rank(), first);
        model.network().kernels().copy(List.of(to), List.of(scope.of(values, to.shape())));
    }

    @ParameterizedTest
    @CsvSource({"F16, 100, 200, 65504.0", "BF16, 1e19, 1e20, 3.3895314E38", "F32, 1e19, 1e20, 3.4028235E38"})
    void aResultThatTheCheckpointsTypeCannotHoldIsRefusedByTensorAndValue(DType type, float a, float b, String end)
            throws IOException {
        Path base = base(type, 1);
        Path out = dir.resolve("out");
        assertThatThrownBy(() -> write(base, a, b, out))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.PUBLISH_CHECK_FAILED))
                .hasMessageContaining(
                        "tensor model.layers.1.self_attn.q_proj.weight of the result has a value of magnitude ")
                .hasMessageContaining(type + ", the type of the base's checkpoint, ends at " + end + "; train with")
                .satisfies(e -> {
                    Matcher largest = Pattern.compile("magnitude (\\S+),").matcher(String.valueOf(e.getMessage()));
                    assertThat(largest.find()).isTrue();
                    double expected = 4.0 * a * b;
                    assertThat(Double.parseDouble(largest.group(1)))
                            .matches(v -> expected > Float.MAX_VALUE
                                    ? v == Double.POSITIVE_INFINITY
                                    : Math.abs(v - expected) < 1);
                });
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"F16, 100, 160", "BF16, 100, 200", "F32, 100, 200"})
    void aLargeResultThatItCanHoldIsWritten(DType type, float a, float b) throws IOException {
        Path out = dir.resolve("out");
        write(base(type, 1), a, b, out);
        try (Checkpoint written = Checkpoint.open(out)) {
            StoredTensor merged = written.tensor("model.layers.1.self_attn.q_proj.weight");
            assertThat(merged.dtype()).isEqualTo(type);
            assertThat((double) merged.value(0)).isBetween(4.0 * a * b * 0.99, 4.0 * a * b * 1.01);
        }
    }

    /** Every number of float16 has a place in bfloat16's range; what is published is of the checkpoint's own weights. */
    @Test
    void aCheckpointInFloat16IsComputedWithInBFloat16() throws IOException {
        Path base = base(DType.F16, 65504);
        ParityCase fixture = ParityCase.open("gqa");
        try (CausalModel exact = CausalModel.load(base);
                CausalModel half = CausalModel.load(base, Precision.BFLOAT16)) {
            double wanted = exact.score(fixture.batch(0), 64).getFirst().loss();
            double found = half.score(fixture.batch(0), 64).getFirst().loss();
            assertThat(found).isFinite();
            assertThat(Math.abs(found - wanted) / wanted).isLessThan(0.02);
            Path out = dir.resolve("out");
            AtomicDirectory.write(out, directory -> MergedModelWriter.write(base, half, null, directory));
            assertThat(Files.readAllBytes(out.resolve("model.safetensors")))
                    .isEqualTo(Files.readAllBytes(base.resolve("model.safetensors")));
        }
    }
}
