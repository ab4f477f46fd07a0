package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Factors;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Greedy generation in batches of prompts of similar lengths. */
final class Generator {
    /** Most bytes of keys and values of one batch. */
    private static final long CACHE_BYTES = 256L << 20;

    private static final int MOST_PROMPTS = 64;

    private final Network network;
    private final List<LowRank> adapters;

    Generator(Network network, List<LowRank> adapters) {
        this.network = network;
        this.adapters = adapters;
    }

    List<int[]> generate(List<int[]> prompts, int fresh, Set<Integer> stops) {
        int[][] answers = new int[prompts.size()][];
        List<Integer> order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -prompts.get(i).length))
                .toList();
        try (Scope shared = network.kernels().scope()) {
            Factors stack = network.stack(shared, adapters);
            int start = 0;
            while (start < order.size()) {
                int end = Math.min(order.size(), start + most(prompts.get(order.get(start)).length + fresh));
                List<Integer> group = order.subList(start, end);
                long[] tokens = generate(stack, group.stream().map(prompts::get).toList(), fresh, stops);
                for (int i = 0; i < group.size(); i++) {
                    answers[group.get(i)] = Arrays.stream(tokens, i * fresh, (i + 1) * fresh)
                            .takeWhile(t -> t >= 0)
                            .mapToInt(Math::toIntExact)
                            .toArray();
                }
                start = end;
            }
        }
        return List.of(answers);
    }

    private int most(int span) {
        ModelConfig c = network.config();
        long perToken = 2L * c.layers() * c.keyValueHeads() * c.headDim() * Float.BYTES;
        return (int) Math.clamp(CACHE_BYTES / (perToken * span), 1, MOST_PROMPTS);
    }

    private long[] generate(Factors stack, List<int[]> prompts, int fresh, Set<Integer> stops) {
        try (Scope scope = network.kernels().scope()) {
            Batch batch = network.prompts(scope, prompts, fresh);
            Tensor lengths = scope.of(prompts.stream().mapToLong(p -> p.length).toArray(), prompts.size());
            Tensor ends = scope.of(
                    stops.stream().mapToLong(Integer::longValue).sorted().toArray(), stops.size());
            return network.kernels()
                    .generate(scope, network.pass(stack, batch), fresh, lengths, ends)
                    .longs();
        }
    }
}
