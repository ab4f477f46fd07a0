package dev.safefinetune.trainer.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
    @TempDir
    private Path directory;

    @Test
    void tilesForBFloat16AreFoundAmongTheFlags() throws IOException {
        assertThat(has("processor\t: 0\nflags\t\t: fpu avx512_bf16 amx_bf16 amx_tile\n"))
                .isTrue();
        assertThat(has("flags\t\t: fpu avx512_bf16 amx_bf16\n")).isTrue();
    }

    /** AVX512_BF16 alone: its products take longer than those of float32. */
    @Test
    void theyAreNotGuessedFromOtherFlags() throws IOException {
        assertThat(has("flags\t\t: fpu avx512_bf16 avx512_fp16\n")).isFalse();
        assertThat(has("processor\t: 0\nmodel name\t: amx_bf16 \n")).isFalse();
        assertThat(Processor.hasTiles(directory.resolve("none"))).isFalse();
    }

    private boolean has(String text) throws IOException {
        return Processor.hasTiles(Files.writeString(directory.resolve("cpuinfo"), text));
    }
}
