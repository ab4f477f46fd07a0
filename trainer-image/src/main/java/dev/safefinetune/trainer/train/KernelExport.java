package dev.safefinetune.trainer.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.kernel.HostCopies;
import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.kernel.Pass;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.kernel.WeightOrder;
import dev.safefinetune.trainer.model.Batch;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Writes the kernels for a GPU as archives that Python's torch loads, with what to call them with and what the processors make of
 * it in float32: so that a machine with a GPU, Python and torch can check and time them without this program.
 */
public final class KernelExport {
    private static final Device GPU = Device.cuda(0);

    /** Lengths of the documents; the longest is longer than the fixtures' sliding windows. */
    private static final int[] LENGTHS = {41, 30, 30, 9};

    private static final int FRESH = 8;
    private static final long SEED = 7;
    private static final double NOISE = 0.1;
    private static final LoraSettings LORA = new LoraSettings(4, 8, false, List.of(LoraSettings.ALL_LINEAR));
    private static final double WEIGHT = 0.01;

    private final Network network;
    private final Adapter adapter;
    private final HostCopies copies;
    private final List<OutgoingTensor> tensors = new ArrayList<>();

    private KernelExport(Network network, Adapter adapter, HostCopies copies) {
        this.network = network;
        this.adapter = adapter;
        this.copies = copies;
    }

    /**
     * Writes the archives of an architecture alone, for measuring speed with any weights of its shapes.
     *
     * @param model holds {@code config.json}
     * @param out an existing directory
     */
    public static void ofShapes(Path model, Path out) {
        ModelConfig config = ModelConfig.read(model);
        archives(model, config, out);
        DurableFiles.write(out.resolve("case.json"), description(config).toString());
    }

    /**
     * Writes archives, and for a model of random weights and a random adapter inputs and expected results. For small models.
     *
     * @param model holds {@code config.json}
     * @param out an existing directory
     */
    public static void ofValues(Path model, Path out) {
        ModelConfig config = ModelConfig.read(model);
        try (CausalModel made = CausalModel.initialise(config, SEED);
                Adapter adapter = Adapter.create(made, LORA, SEED);
                HostCopies copies = new HostCopies(made.network().kernels());
                Scope scope = new Scope()) {
            Network network = made.network();
            Random random = new Random(SEED);
            // Of norms' gains, which are ones, and biases, which are zeros, nothing could be seen.
            network.weights().forEach(weight -> disturb(network.kernels(), weight, random));
            adapter.parameters().views().forEach(factor -> disturb(network.kernels(), factor, random));
            archives(model, config, out);
            ObjectNode text = new KernelExport(network, adapter, copies).compute(scope, out);
            DurableFiles.write(out.resolve("case.json"), text.toString());
        }
    }

    private static void disturb(Kernels kernels, Tensor tensor, Random random) {
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (NOISE * random.nextGaussian());
        }
        try (Scope passing = new Scope()) {
            kernels.copy(List.of(tensor), List.of(passing.of(values, tensor.shape())));
        }
    }

    /** With the configuration, of which transformers makes the same model. */
    private static void archives(Path model, ModelConfig config, Path out) {
        Digests.copy(model.resolve("config.json"), out.resolve("config.json"));
        for (Precision precision : Precision.values()) {
            Path file = out.resolve("kernels-" + precision.name().toLowerCase(Locale.ROOT) + ".pt");
            try {
                Files.write(file, Kernels.archive(config.architecture(), precision, GPU));
            } catch (IOException e) {
                throw TrainerException.storage("write", file, e);
            }
        }
    }

    private static ObjectNode description(ModelConfig config) {
        ObjectNode text = new ObjectMapper().createObjectNode().put("device", GPU.text());
        WeightOrder order = config.order();
        ArrayNode weights = text.putArray("weights");
        order.names().forEach(name -> shape(weights, name, order.shapeOf(name, config.vocabularySize())));
        ArrayNode modules = text.putArray("modules");
        order.modules()
                .forEach(module -> shape(modules, module, order.shapeOf(module + ".weight", config.vocabularySize())));
        text.putObject("rotation")
                .put("kinds", config.architecture().rotation().kinds())
                .put("width", config.architecture().rotation().width());
        return text;
    }

    private static void shape(ArrayNode to, String name, List<Long> shape) {
        ArrayNode numbers = to.addObject().put("name", name).putArray("shape");
        shape.forEach(numbers::add);
    }

    private ObjectNode compute(Scope scope, Path out) {
        List<EncodedSample> samples = samples();
        Kernels kernels = network.kernels();
        Factors factors = network.stack(scope, List.of(adapter));
        Factors none = network.stack(scope, List.of());
        Batch batch = network.batch(scope, samples);
        Pass pass = network.pass(factors, batch);
        add("w", network.weights(), DType.F32);
        add("a", factors.a(), DType.F32);
        add("b", factors.b(), DType.F32);
        add("base.a", none.a(), DType.F32);
        add("base.b", none.b(), DType.F32);
        add("tables", batch.tables(), DType.F32);
        batch("x", batch);
        Kernels.Scores scores = kernels.score(scope, pass);
        add("expected.score", scores.nll(), DType.F32);
        add("expected.logits", kernels.logits(scope, pass), DType.F32);
        learn(scope, "nll", to -> kernels.nllStep(scope, pass, WEIGHT, false, to.kernels()));
        learn(scope, "kl", to -> kernels.klStep(scope, pass, none, WEIGHT, true, to.kernels()));
        // Gradients of all weights, which stay as they are.
        Trainable all = Trainable.ofWeights(network, scope);
        kernels.nllStep(scope, network.pass(none, batch), WEIGHT, false, all.kernels());
        add("expected.gw", all.gradients().views(), DType.F32);
        Tensor lengths = scope.of(Arrays.stream(LENGTHS).asLongStream().toArray(), LENGTHS.length);
        Tensor ends = scope.of(new long[] {0}, 1);
        Batch prompts = network.prompts(
                scope,
                samples.stream()
                        .map(s -> Arrays.copyOf(s.tokens(), s.length() - 1))
                        .toList(),
                FRESH);
        batch("generate.x", prompts);
        add("generate.tables", prompts.tables(), DType.F32);
        add("generate.lengths", lengths, DType.I64);
        add("generate.ends", ends, DType.I64);
        Tensor answers = kernels.generate(scope, network.pass(factors, prompts), FRESH, lengths, ends);
        add("expected.generate", answers, DType.I64);
        SafetensorsWriter.write(out.resolve("values.safetensors"), tensors);
        return description(network.config())
                .put("documents", batch.tensors().documents())
                .put("longest", batch.tensors().longest())
                .put("chunk", pass.chunk())
                .put("weight", WEIGHT)
                .put("scale", adapter.settings().scale())
                .put("fresh", FRESH)
                .put("tables", batch.tables().size());
    }

    /** Adds to the gradients that it is given; gives a value of each label row. */
    @FunctionalInterface
    private interface Learning {
        Tensor into(Trainable to);
    }

    private void learn(Scope scope, String name, Learning learning) {
        Trainable to = Trainable.of(network, scope, adapter);
        add("expected." + name, learning.into(to), DType.F32);
        add("expected." + name + ".a", to.kernels().a(), DType.F32);
        add("expected." + name + ".b", to.kernels().b(), DType.F32);
    }

    /** Random tokens; the later half of each document is its answer. */
    private List<EncodedSample> samples() {
        Random random = new Random(SEED);
        int vocabulary = network.config().vocabularySize();
        List<EncodedSample> samples = new ArrayList<>();
        for (int length : LENGTHS) {
            // The last token is a label alone and is not fed in.
            int[] tokens = random.ints(length + 1L, 1, vocabulary).toArray();
            boolean[] answer = new boolean[tokens.length];
            for (int i = length / 2; i < answer.length; i++) {
                answer[i] = true;
            }
            samples.add(EncodedSample.of(samples.size(), tokens, answer));
        }
        return samples;
    }

    /** A micro-batch, in the order of the kernels' {@code Batch}. */
    private void batch(String prefix, Batch batch) {
        List<Tensor> x = batch.tensors().tensors();
        for (int i = 0; i < x.size(); i++) {
            add(prefix + "." + i, x.get(i), i == x.size() - 1 ? DType.I32 : i == x.size() - 2 ? DType.F32 : DType.I64);
        }
    }

    private void add(String prefix, List<Tensor> each, DType type) {
        for (int i = 0; i < each.size(); i++) {
            add(prefix + "." + i, each.get(i), type);
        }
    }

    private void add(String name, Tensor tensor, DType type) {
        List<Long> shape = new ArrayList<>();
        for (long size : tensor.shape()) {
            shape.add(size);
        }
        tensors.add(new OutgoingTensor(name, type, shape, () -> copies.of(tensor)));
    }
}
