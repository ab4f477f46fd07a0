package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.Network;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Gpus;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a step is cut so that it fits: the size of a micro-batch, and when layers are run again in the backward pass instead of
 * being kept (activation checkpointing). Neither changes what is computed but for the order of sums.
 *
 * @param microBatchTokens most tokens in one pass
 * @param keptBytes above so many bytes between forward and backward a micro-batch is run with activation checkpointing
 */
public record MemoryBudget(int microBatchTokens, long keptBytes) {
    /** Share of the free memory that is planned with. */
    private static final double PLANNED = 0.9;

    /** Micro-batches are not cut below so many tokens as long as activation checkpointing can save memory instead. */
    private static final int FEW = 1024;

    /** Where processors compute, what is wished; on GPUs what fits into the memory of the one with the least. */
    static MemoryBudget of(Network network, int wished, int longest) {
        long free = Stream.concat(Stream.of(network), network.replicas().stream())
                .map(replica -> replica.kernels().device())
                .filter(Device::isCuda)
                .mapToLong(Gpus::freeBytes)
                .min()
                .orElse(-1);
        return free < 0
                ? ofProcessors(wished)
                : fit(network.config(), network.kernels().precision(), wished, longest, free);
    }

    /** What processors plan with: their memory is taken by the page, and the kernel's answer comes too late to ask first. */
    static MemoryBudget ofProcessors(int microBatchTokens) {
        return new MemoryBudget(microBatchTokens, ActivationMemory.most());
    }

    /**
     * The largest micro-batch that fits without activation checkpointing; where even a small one does not, the largest with it.
     *
     * @param wished most tokens
     * @param longest tokens of the longest sample, which is never cut
     * @param free bytes of the device with weights, factors and moments loaded
     * @throws TrainerException {@link Fault#OUT_OF_MEMORY} with the figures where the longest sample alone does not fit
     */
    static MemoryBudget fit(ModelConfig config, Precision precision, int wished, int longest, long free) {
        long planned = (long) (free * PLANNED);
        int least = Math.min(Math.max(wished, longest), Math.max(longest, FEW));
        for (int tokens = Math.max(wished, longest); tokens >= least; tokens = halved(tokens, least)) {
            ActivationMemory.Peak peak = ActivationMemory.peak(config, tokens, precision.bytes(), Long.MAX_VALUE);
            if (peak.total() <= planned) {
                return new MemoryBudget(tokens, peak.kept());
            }
        }
        for (int tokens = Math.max(wished, longest); tokens >= longest; tokens = halved(tokens, longest)) {
            if (ActivationMemory.peak(config, tokens, precision.bytes(), 0).total() <= planned) {
                return new MemoryBudget(tokens, 0);
            }
        }
        throw new TrainerException(
                Fault.OUT_OF_MEMORY,
                String.format(
                        Locale.ROOT,
                        "a sample of %d tokens takes %.2f GB of the device's memory beside the model, with layers run"
                                + " again in the backward pass; %.2f GB are free",
                        longest,
                        ActivationMemory.peak(config, longest, precision.bytes(), 0)
                                        .total()
                                / 1e9,
                        free / 1e9));
    }

    /** The next smaller number to try; below the least when there is none. */
    private static int halved(int tokens, int least) {
        return tokens > least ? Math.max(least, tokens / 2) : least - 1;
    }

    /**
     * What to try where memory ran out: activation checkpointing, then ever smaller micro-batches.
     *
     * @param longest tokens of the longest sample
     * @return empty where a pass already takes one sample with activation checkpointing
     */
    Optional<MemoryBudget> smaller(int longest) {
        if (keptBytes > 0) {
            return Optional.of(new MemoryBudget(microBatchTokens, 0));
        }
        return microBatchTokens <= longest
                ? Optional.empty()
                : Optional.of(new MemoryBudget(Math.max(longest, microBatchTokens / 2), 0));
    }
}
