package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint of 16 bits whose config.json says float32: merged weights are rounded as the checkpoint's are. */
class StoredTypesTest {
    private static final Path PARITY = Path.of("src/test/resources/parity");

    @TempDir
    private Path dir;

    @Test
    void roundingIsJudgedByTheTypesOfTheWeightsAndNotByTheConfiguration() throws IOException {
        try (CausalModel model = CausalModel.load(mislabelled())) {
            assertThat(model.config().dtype()).isEqualTo(DType.F32);
            assertThat(model.types()).containsExactly(DType.BF16);
            assertThat(Reloaded.tolerance(model)).isEqualTo(5e-2);
        }
        try (CausalModel model = CausalModel.load(PARITY.resolve("gqa/checkpoint"))) {
            assertThat(Reloaded.tolerance(model)).isEqualTo(1e-3);
        }
    }

    @Test
    void pagesThatAreConvertedArePlannedForByTheTypesOfTheWeights() throws IOException {
        MemoryPlan.Stored stored = MemoryPlan.Stored.of(mislabelled());

        assertThat(stored.pages(Precision.FLOAT32)).isEqualTo(2 * stored.parameters());
        assertThat(stored.pages(Precision.BFLOAT16)).isZero();
        MemoryPlan.Stored wide = MemoryPlan.Stored.of(PARITY.resolve("gqa/checkpoint"));
        assertThat(wide.parameters()).isEqualTo(stored.parameters());
        assertThat(wide.pages(Precision.FLOAT32)).isZero();
        assertThat(wide.pages(Precision.BFLOAT16)).isEqualTo(4 * wide.parameters());
    }

    private Path mislabelled() throws IOException {
        Path from = PARITY.resolve("gqa-bf16/checkpoint");
        Files.copy(from.resolve("model.safetensors"), dir.resolve("model.safetensors"));
        Files.writeString(
                dir.resolve("config.json"),
                Files.readString(from.resolve("config.json")).replace("bfloat16", "float32"));
        return dir;
    }
}
