package dev.safefinetune.trainer.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The order in which the kernels take a model's weights, and the linear layers' {@code slots} in which they take low-rank
 * factors: slot = 7 · layer + position in {@link #LINEAR}.
 */
public final class WeightOrder {
    /** The linear layers of a decoder layer, by their path inside it, in slot order. */
    public static final List<String> LINEAR = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    static final int ATTENTION_LINEAR = 4;

    private final Architecture architecture;
    private final List<String> perLayer;

    /** The order for an architecture. */
    public WeightOrder(Architecture architecture) {
        this.architecture = architecture;
        List<String> names = new ArrayList<>();
        names.add("input_layernorm.weight");
        names.add("post_attention_layernorm.weight");
        LINEAR.forEach(l -> names.add(l + ".weight"));
        for (int i = 0; i < LINEAR.size(); i++) {
            if (i < ATTENTION_LINEAR ? architecture.attentionBias() : architecture.mlpBias()) {
                names.add(LINEAR.get(i) + ".bias");
            }
        }
        this.perLayer = List.copyOf(names);
    }

    /** All tensors' names as in a checkpoint, in order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        names.add("model.embed_tokens.weight");
        for (int layer = 0; layer < architecture.layers(); layer++) {
            for (String name : perLayer) {
                names.add("model.layers." + layer + "." + name);
            }
        }
        names.add("model.norm.weight");
        if (!architecture.tiedHead()) {
            names.add("lm_head.weight");
        }
        return names;
    }

    /** Paths of the linear layers, in slot order. */
    public List<String> modules() {
        List<String> modules = new ArrayList<>();
        for (int layer = 0; layer < architecture.layers(); layer++) {
            for (String linear : LINEAR) {
                modules.add("model.layers." + layer + "." + linear);
            }
        }
        return modules;
    }

    /** Number of weights in a decoder layer. */
    int stride() {
        return perLayer.size();
    }

    /** Position of a weight within its decoder layer; −1 for a bias that there is none of. */
    int within(String name) {
        return perLayer.indexOf(name);
    }

    int finalNorm() {
        return 1 + architecture.layers() * stride();
    }

    int head() {
        return architecture.tiedHead() ? 0 : finalNorm() + 1;
    }
}
