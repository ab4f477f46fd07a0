package dev.safefinetune.trainer.adapter;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A low-rank adapter in memory: ΔW = s·B·A for each targeted layer, A {@code [rank, in]}, B {@code [out, rank]} (Hu et
 * al., arXiv 2106.09685).
 */
public final class Adapter implements LowRank, AutoCloseable {
    private Adapter() {}

    /**
     * A new adapter as PEFT initialises it: A uniform in ±1/√in (Kaiming with a = √5), B zero, so that it changes nothing
     * yet.
     *
     * @throws dev.safefinetune.trainer.store.TrainerException {@code SETTINGS_INVALID} for a target module that the model
     *     does not have, listing those it has
     */
    public static Adapter create(CausalModel model, LoraSettings settings, long seed) {
        throw new IllegalStateException(model.toString() + settings + seed);
    }

    /**
     * A random adapter with the layers and ranks of another, each ΔW scaled to the same Frobenius norm: the control that
     * an effect is the vector's and not its size's.
     */
    public static Adapter randomLike(Adapter other, long seed) {
        throw new IllegalStateException(other.toString() + seed);
    }

    /**
     * Reads a directory in PEFT's format.
     *
     * @param model the model it is to be attached to; shapes are checked against it
     * @throws dev.safefinetune.trainer.store.TrainerException {@code MODEL_INVALID} naming the setting that is not
     *     supported, or the tensor that is missing, unknown or of another shape
     */
    public static Adapter read(CausalModel model, Path directory) {
        throw new IllegalStateException(model.toString() + directory);
    }

    /**
     * Writes {@code adapter_config.json} and {@code adapter_model.safetensors} in PEFT's format.
     *
     * @param directory exists and is empty
     * @param baseModel {@code base_model_name_or_path}, for readers; the trainer's own proof is the base's digest
     */
    public void write(Path directory, String baseModel) {
        throw new IllegalStateException(directory + baseModel);
    }

    /** Rank, scale and targets. */
    public LoraSettings settings() {
        throw new IllegalStateException();
    }

    @Override
    public Optional<Factors> factors(String module) {
        throw new IllegalStateException(module);
    }

    /** SHA-256 of each tensor as it lies in memory now, by PEFT's key. */
    public SortedMap<String, Digest> digests() {
        throw new IllegalStateException();
    }

    /** Frees the tensors; a model that it is attached to must not be used any more. */
    @Override
    public void close() {}
}
