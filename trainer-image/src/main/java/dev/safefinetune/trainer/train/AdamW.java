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
        this.first = FlatTensors.zeros(network.kernels(), scope, shape).flat();
        this.second = FlatTensors.zeros(network.kernels(), scope, shape).flat();
        this.step = scope.of(new float[] {0});
    }

    /** What is remembered between steps: the moments' running means and the number of steps, which corrects their bias. */
    List<Checkpoints.Memory> memory() {
        return List.of(
                new Checkpoints.Memory("optimizer.first_moment", network.kernels(), first),
                new Checkpoints.Memory("optimizer.second_moment", network.kernels(), second),
                new Checkpoints.Memory("optimizer.step", network.kernels(), step));
    }

    /** Global norm of the gradients gathered since the last step. */
    double gradientNorm() {
        return network.kernels().norms(List.of(trainable.gradients().flat()))[0];
    }

    /** Clips, steps, and sets the gradients to zero. */
    void step(double learningRate, double gradientNorm) {
        network.kernels()
                .adamw(
                        trainable.values().flat(),
                        trainable.gradients().flat(),
                        first,
                        second,
                        step,
                        learningRate,
                        BETA1,
                        settings.beta2(),
                        settings.weightDecay(),
                        EPSILON,
                        Math.min(1, settings.maxGradientNorm() / (gradientNorm + CLIP_EPSILON)));
    }
}
