package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Script;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kernels of one architecture, compiled: whole passes through a model, and what is done to its parameters. With its super
 * class the only one that knows the methods of {@code model.py.ftl} by name. Results belong to the scope that is given.
 */
public final class Kernels extends ParameterKernels implements AutoCloseable {
    /** Queries whose scores exist at one time where scores are capped; elsewhere the fused attention never has them. */
    public static final int CAPPED_QUERIES = 256;

    private final Precision precision;

    private final Device device;

    private Kernels(Script script, Precision precision, Device device) {
        super(script);
        this.precision = precision;
        this.device = device;
    }

    /** Writes the source for an architecture and compiles it; takes some milliseconds. */
    public static Kernels compile(Architecture architecture, Precision precision, Device device) {
        return new Kernels(Script.compile(KernelSource.of(architecture, precision, device)), precision, device);
    }

    /** The same, not compiled: as an archive that torch loads, also in Python. */
    public static byte[] archive(Architecture architecture, Precision precision, Device device) {
        return Script.archive(KernelSource.of(architecture, precision, device));
    }

    /** Where they compute, and where the tensors have to lie that they are given. */
    public Device device() {
        return device;
    }

    /** A scope of tensors on their device. */
    public Scope scope() {
        return new Scope(device);
    }

    /** In what they compute. */
    public Precision precision() {
        return precision;
    }

    /**
     * Scores of label rows.
     *
     * @param nll negative log-likelihood of each label, {@code [M]}
     * @param top the most likely token of each row, {@code [M]}
     */
    public record Scores(Tensor nll, Tensor top) {}

    /** Scores each label. */
    public Scores score(Scope scope, Pass pass) {
        List<Tensor> found = script.call(scope, "score", of(pass, pass.chunk()));
        return new Scores(found.get(0), found.get(1));
    }

    /** Logits of all label rows, {@code [M, V]}. */
    public Tensor logits(Scope scope, Pass pass) {
        return script.call(scope, "logits", of(pass)).getFirst();
    }

    /**
     * Log-probability of each edge, {@code [E]}.
     *
     * @param pass its targets are the edges' tokens
     * @param rows of each edge the label row, ascending; several may share one
     */
    public Tensor logProbabilities(Scope scope, Pass pass, Tensor rows) {
        return script.call(scope, "log_probabilities", of(pass, pass.chunk(), List.of(rows)))
                .getFirst();
    }

    /**
     * Generates greedily.
     *
     * @param pass of the prompts; each document's last token is its row
     * @param lengths of the prompts, {@code [B]}
     * @param ends tokens that end an answer
     * @return {@code [B, fresh]}, −1 from an answer's end on
     */
    public Tensor generate(Scope scope, Pass pass, int fresh, Tensor lengths, Tensor ends) {
        return script.call(scope, "generate", of(pass, (long) fresh, List.of(lengths, ends)))
                .getFirst();
    }

    /**
     * Adds the gradient of weight · Σ negative log-likelihood.
     *
     * @param saving whether layers are run again in the backward pass instead of being kept
     * @return the likelihoods, {@code [M]}
     */
    public Tensor nllStep(Scope scope, Pass pass, double weight, boolean saving, Gradients to) {
        return script.call(
                        scope,
                        "nll_step",
                        of(pass, pass.chunk(), weight, saving, to.weights(), to.a(), to.b(), to.scale()))
                .getFirst();
    }

    /**
     * Adds the gradient of weight · Σ KL(model with others ‖ model with the pass's factors).
     *
     * @return the divergences, {@code [M]}
     */
    public Tensor klStep(Scope scope, Pass pass, Factors others, double weight, boolean saving, Gradients to) {
        MicroBatch batch = pass.batch();
        return script.call(
                        scope,
                        "kl_step",
                        pass.weights(),
                        others.a(),
                        others.b(),
                        pass.factors().a(),
                        pass.factors().b(),
                        batch.tensors(),
                        (long) batch.documents(),
                        (long) batch.longest(),
                        pass.tables(),
                        pass.chunk(),
                        weight,
                        saving,
                        to.weights(),
                        to.a(),
                        to.b(),
                        to.scale())
                .getFirst();
    }

    /** Outputs of the last layer on label rows, before the final norm, {@code [M, C]} in float32. */
    public Tensor states(Scope scope, Pass pass) {
        return script.call(scope, "states", of(pass)).getFirst();
    }

    /**
     * Adds the gradient of weight · Σ ‖state − anchor‖².
     *
     * @param anchor what {@link #states} gave for the same batch
     * @return the squares, {@code [M]}
     */
    public Tensor anchorStep(Scope scope, Pass pass, Tensor anchor, double weight, boolean saving, Gradients to) {
        return script.call(
                        scope,
                        "anchor_step",
                        of(pass, List.of(anchor), weight, saving, to.weights(), to.a(), to.b(), to.scale()))
                .getFirst();
    }

    private static Object[] of(Pass pass, Object... more) {
        MicroBatch batch = pass.batch();
        Stream<Object> common = Stream.of(
                pass.weights(),
                pass.factors().a(),
                pass.factors().b(),
                batch.tensors(),
                (long) batch.documents(),
                (long) batch.longest(),
                pass.tables());
        return Stream.concat(common, Arrays.stream(more)).toArray();
    }

    @Override
    public void close() {
        script.close();
    }
}
