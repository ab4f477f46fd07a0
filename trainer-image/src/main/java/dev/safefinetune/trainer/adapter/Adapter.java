package dev.safefinetune.trainer.adapter;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.kernel.FlatTensors;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.model.TensorDigest;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A low-rank adapter in memory: ΔW = s·B·A for each targeted layer, A {@code [rank, in]}, B {@code [out, rank]} (Hu et
 * al., arXiv 2106.09685).
 */
public final class Adapter implements LowRank, AutoCloseable {
    private final Network network;
    private final LoraSettings settings;
    private final List<AdapterLayer> layers;
    private final Scope scope;
    private final FlatTensors parameters;

    /** An adapter of zeros. */
    Adapter(Network network, LoraSettings settings, List<AdapterLayer> layers) {
        this.network = network;
        this.settings = settings;
        this.layers = List.copyOf(layers);
        this.scope = network.kernels().scope();
        List<long[]> shapes = new ArrayList<>();
        for (AdapterLayer layer : layers) {
            List<Long> weight = network.shapeOf(layer.module() + ".weight");
            shapes.add(new long[] {layer.rank(), weight.get(1)});
            shapes.add(new long[] {weight.get(0), layer.rank()});
        }
        this.parameters = FlatTensors.zeros(network.kernels(), scope, shapes);
    }

    /**
     * A new adapter as PEFT initialises it: A uniform in ±1/√in (Kaiming with a = √5), B zero, so that it changes nothing
     * yet.
     *
     * @throws dev.safefinetune.trainer.store.TrainerException {@code SETTINGS_INVALID} for a target module that the model
     *     does not have, listing those it has
     */
    public static Adapter create(CausalModel model, LoraSettings settings, long seed) {
        Adapter adapter = new Adapter(model.network(), settings, Targets.layers(model, settings));
        Random random = new Random(seed);
        for (int i = 0; i < adapter.layers.size(); i++) {
            Tensor a = adapter.a(i);
            double bound = 1 / Math.sqrt(a.size(1));
            adapter.fill(a, () -> (2 * random.nextDouble() - 1) * bound);
        }
        return adapter;
    }

    /**
     * A random adapter with the layers and ranks of another, each ΔW scaled to the same Frobenius norm: the control that
     * an effect is the vector's and not its size's.
     */
    public static Adapter randomLike(Adapter other, long seed) {
        Adapter adapter = new Adapter(other.network, other.settings, other.layers);
        Random random = new Random(seed);
        adapter.parameters.views().forEach(tensor -> adapter.fill(tensor, random::nextGaussian));
        float[] wanted = other.productNorms();
        float[] found = adapter.productNorms();
        double[] factors = new double[wanted.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = wanted[i] / found[i];
        }
        adapter.network.kernels().scale(adapter.every(1), factors);
        return adapter;
    }

    /**
     * Reads a directory in PEFT's format.
     *
     * @param model the model it is to be attached to; shapes are checked against it
     * @throws dev.safefinetune.trainer.store.TrainerException {@code MODEL_INVALID} naming the setting that is not
     *     supported, or the tensor that is missing, unknown or of another shape
     */
    public static Adapter read(CausalModel model, Path directory) {
        return AdapterReader.read(model, directory);
    }

    /**
     * Writes {@code adapter_config.json} and {@code adapter_model.safetensors} in PEFT's format.
     *
     * @param directory exists and is empty
     * @param baseModel {@code base_model_name_or_path}, for readers; the trainer's own proof is the base's digest
     */
    public void write(Path directory, String baseModel) {
        AdapterWriter.write(this, directory, baseModel);
    }

    /**
     * The same adapter for a replica of its model.
     *
     * @param replica of the model that this was made for, perhaps on another device
     */
    public Adapter copyFor(Network replica) {
        Adapter copy = new Adapter(replica, settings, layers);
        replica.kernels().copy(List.of(copy.parameters.flat()), List.of(parameters.flat()));
        return copy;
    }

    /** Rank, scale and targets. */
    public LoraSettings settings() {
        return settings;
    }

    /** The layers it touches, in the model's order. */
    public List<AdapterLayer> layers() {
        return layers;
    }

    /** A and B of each layer in turn, as views of one piece of memory: what the optimizer trains. */
    public FlatTensors parameters() {
        return parameters;
    }

    @Override
    public Optional<Factors> factors(String module) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).module().equals(module)) {
                return Optional.of(new Factors(a(i), b(i), layers.get(i).scale()));
            }
        }
        return Optional.empty();
    }

    /** SHA-256 of each tensor as it lies in memory now, by PEFT's key. */
    public SortedMap<String, Digest> digests() {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (int i = 0; i < layers.size(); i++) {
            digests.put(layers.get(i).keyOfA(), TensorDigest.of(network.kernels(), a(i)));
            digests.put(layers.get(i).keyOfB(), TensorDigest.of(network.kernels(), b(i)));
        }
        return digests;
    }

    Network network() {
        return network;
    }

    /** A of a layer, {@code [rank, in]}. */
    Tensor a(int layer) {
        return parameters.views().get(2 * layer);
    }

    /** B of a layer, {@code [out, rank]}. */
    Tensor b(int layer) {
        return parameters.views().get(2 * layer + 1);
    }

    private List<Tensor> every(int side) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = side; i < parameters.views().size(); i += 2) {
            tensors.add(parameters.views().get(i));
        }
        return tensors;
    }

    private float[] productNorms() {
        return network.kernels().productNorms(every(0), every(1));
    }

    private void fill(Tensor tensor, java.util.function.DoubleSupplier values) {
        try (Scope s = new Scope()) {
            float[] drawn = new float[Math.toIntExact(tensor.elements())];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float) values.getAsDouble();
            }
            network.kernels().copy(List.of(tensor), List.of(s.of(drawn, tensor.shape())));
        }
    }

    /** Frees the tensors; a model that it is attached to must not be used any more. */
    @Override
    public void close() {
        scope.close();
    }
}
