package dev.safefinetune.contract;

import java.util.List;

/**
 * Shape of a low-rank adapter (Hu et al., arXiv 2106.09685): ΔW = scale · B·A with A {@code [rank, in]} and B {@code
 * [out, rank]}.
 *
 * @param rank 1..512
 * @param alpha numerator of the scale
 * @param rsLora scale alpha / √rank (Kalajdzievski, arXiv 2312.03732) instead of alpha / rank
 * @param targetModules names of linear layers, or {@code all-linear}
 */
public record LoraSettings(int rank, double alpha, boolean rsLora, List<String> targetModules) {
    public static final String ALL_LINEAR = "all-linear";

    public LoraSettings {
        Require.range("lora.rank", rank, 1, 512);
        Require.positive("lora.alpha", alpha);
        targetModules = List.copyOf(Require.notEmpty("lora.targetModules", targetModules));
    }

    /** The factor that ΔW = B·A is multiplied with. */
    public double scale() {
        return alpha / (rsLora ? Math.sqrt(rank) : rank);
    }
}
