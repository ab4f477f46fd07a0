package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A causal language model of a supported family, on processors or a GPU, with any number of low-rank adapters attached.
 *
 * <p>Adapters add up: while several are attached the model is W + Σ sᵢ·Bᵢ·Aᵢ, and nothing of the base is changed. A
 * model is used by one thread at a time.
 */
public final class CausalModel implements AutoCloseable {
    private final Network network;
    private final List<LowRank> attached = new ArrayList<>();

    private CausalModel(Network network) {
        this.network = network;
    }

    /**
     * Maps a checkpoint, to compute in float32. Weights stay in the files' pages where they are float32 and are never written to.
     *
     * @param directory holds {@code config.json} and {@code model.safetensors} or its shards
     * @throws dev.safefinetune.trainer.store.TrainerException {@code MODEL_INVALID} naming what is missing, of another
     *     shape, or not supported
     */
    public static CausalModel load(Path directory) {
        return load(directory, Placement.PROCESSORS);
    }

    /**
     * Maps a checkpoint, to compute in a precision on the processors.
     *
     * @param directory as above
     */
    public static CausalModel load(Path directory, Precision precision) {
        return load(directory, new Placement(precision, List.of(Device.CPU)));
    }

    /**
     * Loads a checkpoint onto devices.
     *
     * @param directory as above
     */
    public static CausalModel load(Path directory, Placement placement) {
        return new CausalModel(Network.load(directory, placement));
    }

    /** In what it computes. */
    public Precision precision() {
        return network.kernels().precision();
    }

    /**
     * A new model: weights normal with the configuration's {@code initializer_range}, norms one, biases zero.
     *
     * @param seed the same seed gives the same weights
     */
    public static CausalModel initialise(ModelConfig config, long seed) {
        return initialise(config, seed, Placement.PROCESSORS);
    }

    /**
     * The same with replicas.
     *
     * @param placement in float32, on processors
     */
    public static CausalModel initialise(ModelConfig config, long seed, Placement placement) {
        return new CausalModel(Network.initialise(config, seed, placement));
    }

    /** The architecture. */
    public ModelConfig config() {
        return network.config();
    }

    /** Element types that the checkpoint's weights have. */
    public Set<DType> types() {
        return network.order().names().stream().map(network::type).collect(Collectors.toUnmodifiableSet());
    }

    /** Kernels and weights, for the engine's own packages. */
    public Network network() {
        return network;
    }

    /** Names of linear layers that an adapter may target, such as {@code q_proj}. The head is not among them. */
    public SortedSet<String> targetModules() {
        SortedSet<String> names = new TreeSet<>();
        names.addAll(network.order().linearNames());
        return names;
    }

    /**
     * Switches an adapter on, beside those that are on already.
     *
     * @throws IllegalArgumentException if it is on already
     */
    public void attach(LowRank adapter) {
        if (attached.contains(adapter)) {
            throw new IllegalArgumentException("the adapter is attached already");
        }
        attached.add(adapter);
    }

    /**
     * Switches an adapter off.
     *
     * @throws IllegalArgumentException if it is not on
     */
    public void detach(LowRank adapter) {
        if (!attached.remove(adapter)) {
            throw new IllegalArgumentException("the adapter is not attached");
        }
    }

    /** The adapters that are on, in the order in which they were attached. */
    public List<LowRank> attached() {
        return List.copyOf(attached);
    }

    /**
     * Scores each sample's answer under the model with what is attached. No gradients.
     *
     * @param microBatchTokens most tokens in one forward pass; bounds memory, leaves the result alone
     * @return one score a sample, in the order given
     */
    public List<SampleScore> score(List<EncodedSample> samples, int microBatchTokens) {
        return new Scorer(network, attached).score(samples, microBatchTokens);
    }

    /**
     * The same token by token.
     *
     * @param microBatchTokens as above
     * @return of each sample the negative log-likelihoods of its answer tokens, in nats
     */
    public List<float[]> scoreTokens(List<EncodedSample> samples, int microBatchTokens) {
        return new Scorer(network, attached).tokens(samples, microBatchTokens);
    }

    /**
     * Scores alternative continuations of one prompt, for margins between refusal and compliance. The prompt and all common
     * beginnings of continuations are computed once.
     *
     * @param prompt token ids up to where the answer begins, at least one
     * @param continuations token ids of each alternative, each at least one
     * @return one score a continuation, in the order given
     */
    public List<ContinuationScore> scoreContinuations(int[] prompt, List<int[]> continuations) {
        return new ContinuationTree(prompt, continuations).score(network, attached);
    }

    /** Tokens that {@link #scoreContinuations} puts through the model. */
    public static int tokensOf(int[] prompt, List<int[]> continuations) {
        return new ContinuationTree(prompt, continuations).size();
    }

    /**
     * Generates greedily: the most likely token at each position, the lower id where two are equal.
     *
     * @param prompts token ids of each prompt, at least one
     * @param maxNewTokens most tokens generated for a prompt
     * @param stopTokens ids that end an answer
     * @return the new tokens of each prompt, without the stop token
     */
    public List<int[]> generate(List<int[]> prompts, int maxNewTokens, Set<Integer> stopTokens) {
        return new Generator(network, attached).generate(prompts, maxNewTokens, stopTokens);
    }

    /** SHA-256 of each weight as it lies in memory now, to prove that training left frozen weights alone. */
    public SortedMap<String, Digest> digests() {
        SortedMap<String, Digest> digests = new TreeMap<>();
        List<String> names = network.order().names();
        for (int i = 0; i < names.size(); i++) {
            digests.put(
                    names.get(i),
                    TensorDigest.of(network.kernels(), network.weights().get(i)));
        }
        return digests;
    }

    /** Frees the weights; adapters made for this model are closed by whoever made them. */
    @Override
    public void close() {
        network.close();
    }
}
