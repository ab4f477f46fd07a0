package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.kernel.FlatTensors;
import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.kernel.Pass;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Gpus;
import dev.safefinetune.trainer.tensor.Scope;
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
    private final Kernels kernels;
    private final Scope scope;
    private final SortedMap<String, DType> types;
    private final WeightSource source;
    private final List<Network> replicas = new ArrayList<>();
    private List<Tensor> weights;
    private @Nullable FlatTensors own;
    private @Nullable RopeTables rope;

    private Network(ModelConfig config, Precision precision, Device device, WeightSource source) {
        this.config = config;
        this.order = config.order();
        this.kernels = Kernels.compile(config.architecture(), precision, device);
        this.scope = kernels.scope();
        this.source = source;
        try {
            if (device.isCuda()) {
                DeviceRoom.require(config, precision, device.text(), Gpus.freeBytes(device));
            }
            Weights found = source.make(order, kernels, scope, precision);
            this.weights = found.tensors();
            this.types = found.types();
        } catch (RuntimeException e) {
            scope.close();
            kernels.close();
            throw e;
        }
    }

    @FunctionalInterface
    private interface WeightSource {
        Weights make(WeightOrder order, Kernels kernels, Scope scope, Precision precision);
    }

    static Network load(Path directory, Placement placement) {
        ModelConfig config = ModelConfig.read(directory);
        return open(
                config,
                placement,
                (order, kernels, scope, as) -> Weights.load(directory, config, order, kernels, scope, as));
    }

    static Network initialise(ModelConfig config, long seed, Placement placement) {
        return open(config, placement, (order, kernels, scope, as) -> Weights.initialise(config, order, scope, seed));
    }

    private static Network open(ModelConfig config, Placement placement, WeightSource source) {
        Precision precision = placement.precision();
        List<Device> devices = placement.devices();
        Threads.fit(config.hiddenSize(), devices.size());
        Network first = new Network(config, precision, devices.getFirst(), source);
        try {
            for (Device device : devices.subList(1, devices.size())) {
                first.replicas.add(new Network(config, precision, device, source));
            }
            return first;
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    public WeightOrder order() {
        return order;
    }

    /** The compiled kernels. */
    public Kernels kernels() {
        return kernels;
    }

    /** The same model on further devices: each has the checkpoint's weights and takes a part of each training step. */
    public List<Network> replicas() {
        return replicas;
    }

    /** Weights in the order of {@link #order}. */
    public List<Tensor> weights() {
        return weights;
    }

    /**
     * Gives the weights memory of their own in float32, which may be changed; the checkpoint's pages are not used any more. In
     * another precision the passes compute with rounded copies, which {@link #ownWeightsChanged} makes anew.
     */
    public FlatTensors ownWeights() {
        FlatTensors copies = own;
        if (copies == null) {
            try (Scope read = new Scope()) {
                copies = FlatTensors.copyOf(kernels, scope, exactWeights(read));
            }
            own = copies;
            weights = kernels.precision() == Precision.FLOAT32
                    ? copies.views()
                    : copies.views().stream()
                            .map(w -> kernels.in(scope, w, kernels.precision()))
                            .toList();
        }
        return copies;
    }

    /** To be told after each change of {@link #ownWeights}. */
    public void ownWeightsChanged() {
        FlatTensors changed = own;
        if (changed != null && kernels.precision() != Precision.FLOAT32) {
            kernels.copy(weights, changed.views());
        }
    }

    /**
     * All weights as the checkpoint has them or as training has changed them: not as they were rounded for computing.
     *
     * @param owner of those that have to be read anew, of tensors on the processors
     */
    public List<Tensor> exactWeights(Scope owner) {
        FlatTensors changed = own;
        if (changed != null) {
            return changed.views();
        }
        boolean exact = kernels.precision() == Precision.FLOAT32
                || types.values().stream().allMatch(type -> type == DType.BF16);
        if (exact) {
            return weights;
        }
        // In this machine's memory, as the file's pages: a GPU that holds the rounded weights may have no room for
        // these.
        try (Kernels host = Kernels.compile(config.architecture(), Precision.FLOAT32, Device.CPU)) {
            return source.make(order, host, owner, Precision.FLOAT32).tensors();
        }
    }

    /** Element type of a weight in the checkpoint. */
    public DType type(String name) {
        return types.getOrDefault(name, config.dtype());
    }

    /** Shape of a weight by its name. */
    public List<Long> shapeOf(String name) {
        return order.shapeOf(name, config.vocabularySize());
    }

    /**
     * The last guard before native code, which would read beyond the table of embeddings.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID}; whoever knows file and line has looked before
     */
    void requireKnown(int token) {
        if (token < 0 || token >= config.vocabularySize()) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "a text has token id " + token + ", the model's vocabulary ends before " + config.vocabularySize()
                            + ": its tokenizer.json has more tokens than its config.json's vocab_size");
        }
    }

    /** Lays samples out as one micro-batch. */
    public Batch batch(Scope owner, List<EncodedSample> samples) {
        return Batch.of(this, owner, samples);
    }

    /** Label rows whose logits exist at one time. */
    private long chunk() {
        return Math.max(SMALLEST_CHUNK, CHUNK_LOGITS / config.vocabularySize());
    }

    /** Factors of adapters that are active together, stacked by slot; the first adapter's come first. */
    public Factors stack(Scope owner, List<? extends LowRank> adapters) {
        return Stack.of(this, owner, adapters);
    }

    /** A pass of a micro-batch through the model. */
    public Pass pass(Factors factors, Batch batch) {
        return new Pass(weights, factors, batch.tensors(), batch.tables(), chunk());
    }

    /**
     * Lays prompts out for generation: the last token of each is its row.
     *
     * @param fresh most new tokens of each
     */
    public Batch prompts(Scope owner, List<int[]> prompts, int fresh) {
        // Before the batch: it must find tables that reach to the last new token.
        rope(prompts.stream().mapToInt(p -> p.length).max().orElseThrow() + fresh);
        return Batch.ofPrompts(this, owner, prompts);
    }

    RopeTables rope(int positions) {
        RopeTables tables = rope;
        if (tables == null || tables.positions() < positions) {
            // The smaller tables stay: a batch may still use them.
            int rounded = Math.max(256, Integer.highestOneBit(Math.max(1, positions - 1)) * 2);
            tables = RopeTables.of(scope, config.ropes(), config.architecture().rotation(), rounded);
            rope = tables;
        }
        return tables;
    }

    @Override
    public void close() {
        replicas.forEach(Network::close);
        weights = new ArrayList<>();
        scope.close();
        kernels.close();
    }
}
