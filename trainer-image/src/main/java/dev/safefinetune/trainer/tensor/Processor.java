package dev.safefinetune.trainer.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What this machine's processor is good at. */
public final class Processor {
    /** Property that says it instead of the processor, so that either way can be tried on any. */
    public static final String BFLOAT16_PRODUCTS = "safefinetune.bfloat16Products";

    private static final boolean HAS_TILES = hasTiles(Path.of("/proc/cpuinfo"));

    private Processor() {}

    /**
     * Whether its products of bfloat16 matrices are faster than those of float32: where it has tiles for them. AVX512_BF16 alone
     * does not make them so: on Emerald Rapids libtorch multiplies bfloat16 at .60 to .80 of float32's rate (docs/LOG.md);
     * {@code make precision-figures} measures both.
     */
    public static boolean multipliesBFloat16() {
        String said = System.getProperty(BFLOAT16_PRODUCTS);
        return said == null ? HAS_TILES : Boolean.parseBoolean(said);
    }

    static boolean hasTiles(Path cpuinfo) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Arrays.asList(line.split("\\s+")).contains("amx_bf16"))
                    .orElse(false);
        } catch (IOException e) {
            // Elsewhere than on Linux, or where /proc is hidden: float32's products are the ones that are always fast.
            return false;
        }
    }
}
