package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.FlatTensors;
import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Script;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tensor.Threads;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A model's kernels and weights, for the engine's own packages: training and adapters work on this, everybody else on
 * {@link CausalModel}.
 */
public final class Network implements AutoCloseable {
    private static final int CHUNK_LOGITS = 8 << 20;
    private static final int SMALLEST_CHUNK = 16;

    private final ModelConfig config;
    private final WeightOrder order;
    private final Script script;
    private final Scope scope = new Scope();
    private final SortedMap<String, DType> types;
    private List<Tensor> weights;
    private @Nullable FlatTensors own;
    private @Nullable RopeTables rope;

    private Network(ModelConfig config, Script script, WeightSource source) {
        this.config = config;
        this.order = new WeightOrder(config.architecture());
        this.script = script;
        Threads.fit(config.hiddenSize());
        try {
            Weights found = source.make(order, script, scope);
            this.weights = found.tensors();
            this.types = found.types();
        } catch (RuntimeException e) {
            scope.close();
            script.close();
            throw e;
        }
    }

    @FunctionalInterface
    private interface WeightSource {
        Weights make(WeightOrder order, Script script, Scope scope);
    }

    static Network load(Path directory) {
        ModelConfig config = ModelConfig.read(directory);
        return new Network(
                config,
                Kernels.compile(config.architecture()),
                (order, script, scope) -> Weights.load(directory, config, order, script, scope));
    }

    static Network initialise(ModelConfig config, long seed) {
        return new Network(
                config,
                Kernels.compile(config.architecture()),
                (order, script, scope) -> Weights.initialise(config, order, scope, seed));
    }

    public ModelConfig config() {
        return config;
    }

    public WeightOrder order() {
        return order;
    }

    /** The compiled kernels. */
    public Script script() {
        return script;
    }

    /** Weights in the order of {@link #order}. */
    public List<Tensor> weights() {
        return weights;
    }

    /** Gives the weights memory of their own, which may be changed; the checkpoint's pages are not used any more. */
    public FlatTensors ownWeights() {
        FlatTensors copies = own;
        if (copies == null) {
            copies = FlatTensors.copyOf(script, scope, weights);
            own = copies;
            weights = copies.views();
        }
        return copies;
    }

    /** Element type of a weight in the checkpoint. */
    public DType type(String name) {
        return types.getOrDefault(name, config.dtype());
    }

    /** Shape of a weight by its name. */
    public List<Long> shapeOf(String name) {
        return config.shapeOf(name);
    }

    /** Lays samples out as one micro-batch. */
    public Batch batch(Scope owner, List<EncodedSample> samples) {
        return Batch.of(this, owner, samples);
    }

    /** Label rows whose logits exist at one time. */
    public long chunk() {
        return Math.max(SMALLEST_CHUNK, CHUNK_LOGITS / config.vocabularySize());
    }

    /** Factors of adapters that are active together, stacked by slot; the first adapter's come first. */
    public Stack stack(Scope owner, List<? extends LowRank> adapters) {
        return Stack.of(this, owner, adapters);
    }

    RopeTables rope(int positions) {
        RopeTables tables = rope;
        if (tables == null || tables.cos().size(0) < positions) {
            // The smaller tables stay: a batch may still use them.
            int rounded = Math.max(256, Integer.highestOneBit(Math.max(1, positions - 1)) * 2);
            tables = RopeTables.of(scope, config.rope(), config.headDim(), rounded);
            rope = tables;
        }
        return tables;
    }

    @Override
    public void close() {
        weights = new ArrayList<>();
        scope.close();
        script.close();
    }
}
