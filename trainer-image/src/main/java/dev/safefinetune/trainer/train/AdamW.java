package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.kernel.FlatTensors;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.List;

/** AdamW (Loshchilov and Hutter, arXiv 1711.05101) in libtorch's fused form, after clipping to a global norm. */
final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double EPSILON = 1e-8;
    /** As in torch's clip_grad_norm_. */
    private static final double CLIP_EPSILON = 1e-6;

    private final Network network;
    private final Trainable trainable;
    private final Hyperparameters settings;
    private final Tensor first;
    private final Tensor second;
    private final Tensor step;

    AdamW(Network network, Scope scope, Trainable trainable, Hyperparameters settings) {
        this.network = network;
        this.trainable = trainable;
        this.settings = settings;
        List<long[]> shape = List.of(trainable.values().flat().shape());
        this.first = FlatTensors.zeros(network.script(), scope, shape).flat();
        this.second = FlatTensors.zeros(network.script(), scope, shape).flat();
        this.step = scope.of(new float[] {0});
    }

    /** What is remembered between steps: the moments' running means and the number of steps, which corrects their bias. */
    List<Checkpoints.Memory> memory() {
        return List.of(
                Checkpoints.Memory.of(network.script(), "optimizer.first_moment", first),
                Checkpoints.Memory.of(network.script(), "optimizer.second_moment", second),
                Checkpoints.Memory.of(network.script(), "optimizer.step", step));
    }

    /** Global norm of the gradients gathered since the last step. */
    double gradientNorm() {
        try (Scope scope = new Scope()) {
            return network.script()
                    .call(scope, "norms", List.of(trainable.gradients().flat()))
                    .getFirst()
                    .floats()[0];
        }
    }

    /** Clips, steps, and sets the gradients to zero. */
    void step(double learningRate, double gradientNorm) {
        try (Scope scope = new Scope()) {
            network.script()
                    .call(
                            scope,
                            "adamw",
                            List.of(trainable.values().flat()),
                            List.of(trainable.gradients().flat()),
                            List.of(first),
                            List.of(second),
                            List.of(step),
                            learningRate,
                            BETA1,
                            settings.beta2(),
                            settings.weightDecay(),
                            EPSILON,
                            Math.min(1, settings.maxGradientNorm() / (gradientNorm + CLIP_EPSILON)));
        }
    }
}
