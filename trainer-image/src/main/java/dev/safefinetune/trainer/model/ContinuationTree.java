package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.MicroBatch;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A prompt and its continuations as a tree of tokens: each token attends to its ancestors only, so one forward pass scores
 * all continuations and common beginnings are computed once.
 */
final class ContinuationTree {
    /** Added to the score of a pair that must not see each other: large enough to vanish in a softmax. */
    private static final float HIDDEN = -1e30f;

    /**
     * @param parent node before this one, −1 for the first
     * @param children nodes that follow, by their token
     */
    private record Node(int token, int parent, int position, Map<Integer, Integer> children) {}

    /** One prediction to score: the token after a node. */
    private record Edge(int node, int target) {}

    private final List<Node> nodes = new ArrayList<>();
    private final List<List<Edge>> paths = new ArrayList<>();

    ContinuationTree(int[] prompt, List<int[]> continuations) {
        if (prompt.length == 0 || continuations.stream().anyMatch(c -> c.length == 0)) {
            throw new IllegalArgumentException("prompt and continuations must not be empty");
        }
        int last = -1;
        for (int token : prompt) {
            last = add(token, last);
        }
        for (int[] continuation : continuations) {
            List<Edge> path = new ArrayList<>();
            int at = last;
            for (int i = 0; i < continuation.length; i++) {
                int token = continuation[i];
                path.add(new Edge(at, token));
                // The last token of a continuation foretells nothing that is asked for.
                if (i < continuation.length - 1) {
                    int parent = at;
                    at = nodes.get(at).children().computeIfAbsent(token, t -> add(t, parent));
                }
            }
            paths.add(path);
        }
    }

    private int add(int token, int parent) {
        int position = parent < 0 ? 0 : nodes.get(parent).position() + 1;
        nodes.add(new Node(token, parent, position, new LinkedHashMap<>()));
        return nodes.size() - 1;
    }

    /** Number of its tokens: common beginnings count once. */
    int size() {
        return nodes.size();
    }

    List<ContinuationScore> score(Network network, List<LowRank> adapters) {
        List<Edge> edges = paths.stream()
                .flatMap(List::stream)
                .distinct()
                .sorted(Comparator.comparingInt(Edge::node))
                .toList();
        Map<Edge, Float> logs = new LinkedHashMap<>();
        try (Scope scope = network.kernels().scope()) {
            float[] found = logProbabilities(network, adapters, scope, edges);
            for (int i = 0; i < found.length; i++) {
                logs.put(edges.get(i), found[i]);
            }
        }
        return paths.stream()
                .map(path -> new ContinuationScore(
                        path.stream()
                                .mapToDouble(e -> logs.getOrDefault(e, Float.NaN))
                                .sum(),
                        path.size()))
                .toList();
    }

    private float[] logProbabilities(Network network, List<LowRank> adapters, Scope scope, List<Edge> edges) {
        int t = nodes.size();
        nodes.forEach(node -> network.requireKnown(node.token()));
        edges.forEach(edge -> network.requireKnown(edge.target()));
        long[] rows = edges.stream().mapToLong(Edge::node).distinct().toArray();
        long[] rowOf = new long[edges.size()];
        int row = 0;
        for (int i = 0; i < rowOf.length; i++) {
            if (rows[row] != edges.get(i).node()) {
                row++;
            }
            rowOf[i] = row;
        }
        int span = nodes.stream().mapToInt(Node::position).max().orElseThrow() + 1;
        RopeTables rope = network.rope(span);
        Tensor none = scope.of(new long[0], 0);
        MicroBatch tree = new MicroBatch(
                scope.of(nodes.stream().mapToLong(Node::token).toArray(), t),
                scope.of(nodes.stream().mapToLong(Node::position).toArray(), t),
                scope.of(
                        nodes.stream()
                                .mapToLong(n -> rope.row(n.position(), span))
                                .toArray(),
                        t),
                none,
                none,
                scope.of(rows, rows.length),
                scope.of(edges.stream().mapToLong(Edge::target).toArray(), edges.size()),
                scope.of(mask(), 1, 1, t, t),
                scope.of(new int[] {0, t}, 2),
                1,
                t);
        Batch batch = new Batch(tree, rope.tensors(), t, new int[] {edges.size()});
        return network.kernels()
                .logProbabilities(
                        scope, network.pass(network.stack(scope, adapters), batch), scope.of(rowOf, rowOf.length))
                .floats();
    }

    private float[] mask() {
        int t = nodes.size();
        float[] mask = new float[t * t];
        java.util.Arrays.fill(mask, HIDDEN);
        for (int i = 0; i < t; i++) {
            for (int j = i; j >= 0; j = nodes.get(j).parent()) {
                mask[i * t + j] = 0;
            }
        }
        return mask;
    }
}
