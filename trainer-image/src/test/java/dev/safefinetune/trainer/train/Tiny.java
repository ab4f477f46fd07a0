package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A model of some thousand parameters and samples that it can learn. */
public final class Tiny {
    public static final int VOCABULARY = 32;
    public static final LoraSettings LORA = new LoraSettings(4, 8, false, List.of(LoraSettings.ALL_LINEAR));

    private Tiny() {}

    public static CausalModel model(long seed) {
        return model(seed, 1);
    }

    public static CausalModel model(long seed, int replicas) {
        return CausalModel.initialise(
                config(), seed, new Placement(Precision.FLOAT32, Collections.nCopies(replicas, Device.CPU)));
    }

    private static ModelConfig config() {
        return ModelConfig.untied(VOCABULARY, 16, 24, 2, 2, 64);
    }

    /** The same as a checkpoint in bfloat16, which is computed with in bfloat16. */
    static CausalModel half(long seed) {
        ModelConfig c = config();
        ModelConfig config = new ModelConfig(
                c.vocabularySize(), c.maxPositions(), c.architecture(), c.ropes(), c.initializerRange(), DType.BF16);
        Path directory = temporary();
        try (CausalModel made = CausalModel.initialise(config, seed)) {
            DurableFiles.write(directory.resolve(ModelDirectory.CONFIG), config.toJson());
            MergedModelWriter.write(directory, made, null, Files.createDirectory(directory.resolve("model")));
            return CausalModel.load(directory.resolve("model"), Precision.BFLOAT16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            DurableFiles.deleteTree(directory);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tiny");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Samples of different lengths whose answer is always the same: what a vector learns from a few and applies to all. */
    public static List<EncodedSample> sameAnswer(int count, int token, long seed) {
        return samples(count, 0, seed).stream()
                .map(s -> {
                    int[] tokens = s.tokens().clone();
                    tokens[tokens.length - 2] = token;
                    return EncodedSample.of(s.index(), tokens, s.answer());
                })
                .toList();
    }

    /** Samples of different lengths whose answers repeat their first token after an offset. */
    public static List<EncodedSample> samples(int count, int offset, long seed) {
        Random random = new Random(seed);
        List<EncodedSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = new int[4 + random.nextInt(8)];
            boolean[] answer = new boolean[tokens.length];
            for (int j = 0; j < tokens.length; j++) {
                tokens[j] = 4 + random.nextInt(20);
                answer[j] = j >= tokens.length - 2;
            }
            tokens[tokens.length - 2] = (tokens[0] + offset) % VOCABULARY;
            tokens[tokens.length - 1] = 2;
            samples.add(EncodedSample.of(i, tokens, answer));
        }
        return samples;
    }

    public static Hyperparameters settings(int epochs, double rate, int batch, int microBatchTokens) {
        return new Hyperparameters(
                epochs, rate, batch, microBatchTokens, 64, Hyperparameters.Scheduler.LINEAR, 0, 0.98, 0, 1, 7);
    }

    public static FineTuning lora(int epochs, double rate) {
        return new FineTuning(FineTuning.Method.LORA, LORA, settings(epochs, rate, 8, 4096));
    }

    public static FineTuning full(int epochs, double rate) {
        return new FineTuning(FineTuning.Method.FULL, null, settings(epochs, rate, 8, 4096));
    }

    /** A cooldown on a user's samples alone. */
    static Cooldown cooldown(List<EncodedSample> samples, int steps) {
        return new Cooldown(List.of(), List.of(), samples, steps, Cooldown.defaultRate(0.01));
    }
}
