package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.kernel.Architecture.Norms;
import dev.safefinetune.trainer.kernel.Architecture.Projections;
import dev.safefinetune.trainer.kernel.Architecture.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which the kernels take a model's weights, and the linear layers' {@code slots} in which they take low-rank
 * factors: slot = linear layers of a decoder layer · layer + position. The kernels know weights by {@code field}, such as
 * {@code q} and {@code feed_norm}; a checkpoint by path, such as {@code self_attn.q_proj.weight}.
 */
public final class WeightOrder {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String NORM = "model.norm.weight";
    private static final String HEAD = "lm_head.weight";

    /** A weight of a layer: its path within the layer, and its shape. */
    private record Part(String path, List<Long> shape) {}

    private final Architecture architecture;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final List<String> linears = new ArrayList<>();
    private final List<String> biases = new ArrayList<>();

    /** The order for an architecture. */
    public WeightOrder(Architecture architecture) {
        this.architecture = architecture;
        norms(architecture.norms(), architecture.sizes());
        linears(architecture.projections(), architecture.sizes());
    }

    private void norms(Norms norms, Sizes s) {
        if (norms.place().before()) {
            norm("attention_norm", "input_layernorm", s.width());
            norm(
                    "feed_norm",
                    norms.place().after() ? "pre_feedforward_layernorm" : "post_attention_layernorm",
                    s.width());
        }
        if (norms.place().after()) {
            norm("attention_out_norm", "post_attention_layernorm", s.width());
            norm("feed_out_norm", "post_feedforward_layernorm", s.width());
        }
        if (norms.heads() != Norms.Heads.NONE) {
            boolean each = norms.heads() == Norms.Heads.EACH;
            norm("q_norm", "self_attn.q_norm", s.headDim() * (each ? 1 : s.heads()));
            norm("k_norm", "self_attn.k_norm", s.headDim() * (each ? 1 : s.keyValueHeads()));
        }
    }

    private void norm(String field, String path, int width) {
        parts.put(field, new Part(path + ".weight", List.of((long) width)));
    }

    private void linears(Projections p, Sizes s) {
        int queries = s.heads() * s.headDim();
        int keys = s.keyValueHeads() * s.headDim();
        List<String> biased = new ArrayList<>();
        if (p.fusedAttention()) {
            linear("qkv", "self_attn.qkv_proj", queries + 2 * keys, s.width(), p.headBias(), biased);
        } else {
            linear("q", "self_attn.q_proj", queries, s.width(), p.headBias(), biased);
            linear("k", "self_attn.k_proj", keys, s.width(), p.headBias(), biased);
            linear("v", "self_attn.v_proj", keys, s.width(), p.headBias(), biased);
        }
        linear("o", "self_attn.o_proj", s.width(), queries, p.outputBias(), biased);
        if (p.fusedFeed()) {
            linear("gate_up", "mlp.gate_up_proj", 2 * s.feedWidth(), s.width(), p.feedBias(), biased);
        } else {
            linear("gate", "mlp.gate_proj", s.feedWidth(), s.width(), p.feedBias(), biased);
            linear("up", "mlp.up_proj", s.feedWidth(), s.width(), p.feedBias(), biased);
        }
        linear("down", "mlp.down_proj", s.width(), s.feedWidth(), p.feedBias(), biased);
        biased.forEach(this::bias);
    }

    private void linear(String field, String path, int out, int in, boolean bias, List<String> biased) {
        linears.add(field);
        parts.put(field, new Part(path + ".weight", List.of((long) out, (long) in)));
        if (bias) {
            biased.add(field);
        }
    }

    private void bias(String field) {
        Part weight = part(field);
        String path = weight.path().replace(".weight", ".bias");
        biases.add(field);
        parts.put(field + "_bias", new Part(path, weight.shape().subList(0, 1)));
    }

    private Part part(String field) {
        Part part = parts.get(field);
        if (part == null) {
            throw new IllegalArgumentException("no weight " + field);
        }
        return part;
    }

    /** All tensors' names as in a checkpoint, in order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(EMBEDDING);
        for (int layer = 0; layer < architecture.sizes().layers(); layer++) {
            for (Part part : parts.values()) {
                names.add(layer(layer) + part.path());
            }
        }
        names.add(NORM);
        if (!architecture.tiedHead()) {
            names.add(HEAD);
        }
        return names;
    }

    /** Name of the head's tensor, which a checkpoint with a tied head may have as well. */
    public String head() {
        return HEAD;
    }

    /** Paths of the linear layers, in slot order. */
    public List<String> modules() {
        List<String> modules = new ArrayList<>();
        for (int layer = 0; layer < architecture.sizes().layers(); layer++) {
            for (String linear : linears) {
                modules.add(layer(layer) + module(linear));
            }
        }
        return modules;
    }

    /** Names of a decoder layer's linear layers, such as {@code q_proj}, in slot order. */
    public List<String> linearNames() {
        return linears.stream()
                .map(this::module)
                .map(path -> path.substring(path.lastIndexOf('.') + 1))
                .toList();
    }

    private String module(String linear) {
        String path = part(linear).path();
        return path.substring(0, path.length() - ".weight".length());
    }

    /**
     * Shape of a weight by its name.
     *
     * @param vocabulary V
     */
    public List<Long> shapeOf(String name, int vocabulary) {
        long width = architecture.sizes().width();
        if (name.equals(EMBEDDING) || name.equals(HEAD)) {
            return List.of((long) vocabulary, width);
        }
        if (name.equals(NORM)) {
            return List.of(width);
        }
        return parts.values().stream()
                .filter(part -> name.endsWith("." + part.path()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no weight " + name))
                .shape();
    }

    private String layer(int layer) {
        return "model.layers." + layer + ".";
    }

    /** Fields of a decoder layer's weights, in order. */
    List<String> fields() {
        return List.copyOf(parts.keySet());
    }

    /** Fields of its linear layers, in slot order. */
    List<String> linearFields() {
        return List.copyOf(linears);
    }

    /** Fields of those that have a bias. */
    List<String> biasedFields() {
        return List.copyOf(biases);
    }

    int finalNorm() {
        return 1 + architecture.sizes().layers() * parts.size();
    }

    int headAt() {
        return architecture.tiedHead() ? 0 : finalNorm() + 1;
    }
}
