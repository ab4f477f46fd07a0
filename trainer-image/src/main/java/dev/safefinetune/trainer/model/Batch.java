package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.MicroBatch;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One micro-batch as the kernels take it: tokens of all documents one after the other, without padding.
 *
 * <p>Legend: N tokens, B documents, T longest document, M label rows.
 *
 * @param tensors as the kernels take them
 * @param tables rotary tables that reach to its last position
 * @param tokens N
 * @param labels M of each document
 */
public record Batch(MicroBatch tensors, List<Tensor> tables, int tokens, int[] labels) {

    /**
     * Splits samples into micro-batches of similar lengths, longest first.
     *
     * @param limit most slots (documents × longest) in one; a sample that is longer has one to itself
     * @return indices into {@code samples}, each once
     */
    public static List<int[]> split(List<EncodedSample> samples, int limit) {
        List<Integer> order = IntStream.range(0, samples.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -inputs(samples.get(i))))
                .toList();
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        while (start < order.size()) {
            int longest = inputs(samples.get(order.get(start)));
            int end = Math.min(order.size(), start + Math.max(1, limit / longest));
            groups.add(order.subList(start, end).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
            start = end;
        }
        return groups;
    }

    /** Tokens that are fed in: nothing from the last label on foretells a label. */
    static int inputs(EncodedSample sample) {
        int last = sample.length() - 1;
        while (!sample.answer()[last]) {
            last--;
        }
        return last;
    }

    /** Lays samples out for training or scoring. */
    static Batch of(Network network, Scope scope, List<EncodedSample> samples) {
        int[][] documents =
                samples.stream().map(s -> Arrays.copyOf(s.tokens(), inputs(s))).toArray(int[][]::new);
        int[] labels = samples.stream().mapToInt(EncodedSample::answerTokens).toArray();
        long[] rows = new long[Arrays.stream(labels).sum()];
        long[] targets = new long[rows.length];
        int at = 0;
        int start = 0;
        for (EncodedSample s : samples) {
            for (int i = 1; i < s.length(); i++) {
                if (s.answer()[i]) {
                    rows[at] = start + i - 1;
                    network.requireKnown(s.tokens()[i]);
                    targets[at++] = s.tokens()[i];
                }
            }
            start += inputs(s);
        }
        return lay(network, scope, documents, rows, targets, labels);
    }

    /** Lays prompts out for generation: the last token of each is the row. */
    static Batch ofPrompts(Network network, Scope scope, List<int[]> prompts) {
        long[] rows = new long[prompts.size()];
        long start = 0;
        for (int i = 0; i < rows.length; i++) {
            start += prompts.get(i).length;
            rows[i] = start - 1;
        }
        return lay(network, scope, prompts.toArray(int[][]::new), rows, new long[0], new int[rows.length]);
    }

    private static Batch lay(
            Network network, Scope scope, int[][] documents, long[] rows, long[] targets, int[] labels) {
        int longest = Arrays.stream(documents).mapToInt(d -> d.length).max().orElseThrow();
        int tokens = Arrays.stream(documents).mapToInt(d -> d.length).sum();
        long[] ids = new long[tokens];
        long[] positions = new long[tokens];
        long[] turns = new long[tokens];
        RopeTables rope = network.rope(longest);
        boolean padded = tokens < documents.length * longest;
        long[] pad = new long[padded ? documents.length * longest : 0];
        long[] flat = new long[padded ? tokens : 0];
        int[] starts = new int[documents.length + 1];
        int at = 0;
        for (int d = 0; d < documents.length; d++) {
            int start = at;
            starts[d + 1] = start + documents[d].length;
            for (int i = 0; i < documents[d].length; i++, at++) {
                network.requireKnown(documents[d][i]);
                ids[at] = documents[d][i];
                positions[at] = i;
                turns[at] = rope.row(i, documents[d].length);
                if (padded) {
                    flat[at] = (long) d * longest + i;
                }
            }
            for (int i = 0; padded && i < longest; i++) {
                pad[d * longest + i] = start + Math.min(i, documents[d].length - 1);
            }
        }
        MicroBatch tensors = new MicroBatch(
                scope.of(ids, tokens),
                scope.of(positions, tokens),
                scope.of(turns, tokens),
                scope.of(pad, pad.length),
                scope.of(flat, flat.length),
                scope.of(rows, rows.length),
                scope.of(targets, targets.length),
                scope.of(new float[0], 0),
                scope.of(starts, starts.length),
                documents.length,
                longest);
        return new Batch(tensors, rope.tensors(), tokens, labels);
    }
}
