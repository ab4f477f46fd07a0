package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.tensor.Processor;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to compute in bfloat16, whichever this machine's processor is for: its products of bfloat16, or float32's. */
class ProductsTest {
    private static final int BLOCKS = 3;
    private static final int WIDTH = 64;
    private static final int VOCABULARY = BLOCKS * 1048576 / WIDTH - 100;

    @TempDir
    private Path directory;

    static Stream<String> cases() {
        return PrecisionTest.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsPointWhereThoseOfFloat32DoEitherWay(String name) {
        float[] exact = PrecisionTest.gradient(name, Precision.FLOAT32);
        float[] multiplied = with(true, () -> PrecisionTest.gradient(name, Precision.BFLOAT16));
        float[] widened = with(false, () -> PrecisionTest.gradient(name, Precision.BFLOAT16));
        PrecisionTest.assertSameDirection(exact, multiplied);
        PrecisionTest.assertSameDirection(exact, widened);
        assertThat(widened).isNotEqualTo(multiplied);
    }

    /** Layers that are run again in the backward pass give the bits of layers that were kept. */
    @ParameterizedTest
    @MethodSource("cases")
    void checkpointingChangesNothing(String name) {
        for (boolean multiplies : new boolean[] {true, false}) {
            float[] kept = with(multiplies, () -> gradient(name, Long.MAX_VALUE));
            assertThat(with(multiplies, () -> gradient(name, 0))).isEqualTo(kept);
        }
    }

    private static float[] gradient(String name, long keptBytes) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint(), Precision.BFLOAT16);
                Adapter adapter = Adapter.read(model, fixtures.adapter())) {
            return gradient(model, adapter, fixtures.batch(1), keptBytes);
        }
    }

    /** Weights are made float32 in blocks of rows; here the head has several, the last of them smaller. */
    @Test
    void aMatrixOfSeveralBlocksIsMultipliedAsAWhole() throws IOException {
        Path checkpoint = checkpoint();
        List<EncodedSample> samples = samples();
        float[] exact = gradient(checkpoint, Precision.FLOAT32, samples);
        float[] widened = with(false, () -> gradient(checkpoint, Precision.BFLOAT16, samples));
        PrecisionTest.assertSameDirection(exact, widened);
    }

    private Path checkpoint() throws IOException {
        Path base = Path.of("../examples/quickstart/models/base");
        Path unmade = Files.createDirectories(directory.resolve("unmade"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            Files.copy(base.resolve(file), unmade.resolve(file));
        }
        Files.writeString(
                unmade.resolve("config.json"),
                Files.readString(base.resolve("config.json"))
                        .replaceFirst("\"vocab_size\" : \\d+", "\"vocab_size\" : " + VOCABULARY)
                        .replace("\"initializer_range\" : 0.02", "\"initializer_range\" : 0.2"));
        Path made = Files.createDirectories(directory.resolve("made"));
        try (CausalModel model = CausalModel.initialise(ModelConfig.read(unmade), 1)) {
            MergedModelWriter.write(unmade, model, null, made);
        }
        return made;
    }

    /** Labels in all blocks. */
    private static List<EncodedSample> samples() {
        Random random = new Random(1);
        return IntStream.range(0, 8)
                .mapToObj(i -> {
                    int[] tokens = random.ints(12, 4, VOCABULARY).toArray();
                    boolean[] answer = new boolean[tokens.length];
                    Arrays.fill(answer, 3, answer.length, true);
                    return EncodedSample.of(i, tokens, answer);
                })
                .toList();
    }

    private static float[] gradient(Path checkpoint, Precision precision, List<EncodedSample> samples) {
        LoraSettings settings = new LoraSettings(4, 8, false, List.of(LoraSettings.ALL_LINEAR));
        try (CausalModel model = CausalModel.load(checkpoint, precision);
                Adapter adapter = Adapter.create(model, settings, 1)) {
            return gradient(model, adapter, samples, Long.MAX_VALUE);
        }
    }

    private static float[] gradient(CausalModel model, Adapter adapter, List<EncodedSample> samples, long keptBytes) {
        try (Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, adapter);
            new GradientPass(model.network(), trainable, new MemoryBudget(64, keptBytes), () -> false)
                    .likelihood(samples, List.of(), 0.01);
            return trainable.gradients().flat().floats();
        }
    }

    private static <T> T with(boolean multiplies, Supplier<T> computed) {
        System.setProperty(Processor.BFLOAT16_PRODUCTS, String.valueOf(multiplies));
        try {
            return computed.get();
        } finally {
            System.clearProperty(Processor.BFLOAT16_PRODUCTS);
        }
    }
}
