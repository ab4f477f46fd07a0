package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture;
import dev.safefinetune.trainer.kernel.Architecture.Attention;
import dev.safefinetune.trainer.kernel.Architecture.Norms;
import dev.safefinetune.trainer.kernel.Architecture.Projections;
import dev.safefinetune.trainer.kernel.Architecture.Rotation;
import dev.safefinetune.trainer.kernel.Architecture.Scales;
import dev.safefinetune.trainer.kernel.Architecture.Sizes;
import dev.safefinetune.trainer.store.DType;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder as a family describes it: that of Llama, but for what is said. Fields that all families share are read here, with
 * the values that transformers takes where a file leaves them out.
 */
final class Decoder {
    /** The list of weights is made before the checkpoint is looked at, so it has to end; no model has a quarter of these. */
    private static final int MAX_LAYERS = 1024;

    private final ConfigFields fields;
    private final Sizes sizes;
    private Norms.Place place = Norms.Place.BEFORE;
    private boolean normOffset;
    private Norms.Heads headNorms = Norms.Heads.NONE;
    private double epsilon = 1e-6;
    private boolean fused;
    private boolean headBias;
    private boolean outputBias;
    private boolean feedBias;
    private Projections.Activation activation = Projections.Activation.SILU;
    private double scale;
    private @Nullable Double softCap;
    private List<Boolean> windowed;
    private int window;
    private List<Rope> ropes = List.of();
    private List<Integer> turns;
    private double rotated = 1;
    private Scales scales = Scales.NONE;
    private boolean tied;

    private Decoder(ConfigFields fields, Sizes sizes) {
        this.fields = fields;
        this.sizes = sizes;
        this.scale = 1 / Math.sqrt(sizes.headDim());
        this.windowed = Collections.nCopies(sizes.layers(), false);
        this.turns = Collections.nCopies(sizes.layers(), 0);
    }

    /** A decoder whose heads' width is C / H, and whose query heads have keys of their own, where the file says nothing. */
    static Decoder of(ConfigFields fields) {
        return of(fields, null, null);
    }

    /**
     * A decoder.
     *
     * @param headDim width of a head where the file says nothing; C / H where absent
     * @param keyValueHeads their number where the file says nothing; that of query heads where absent
     */
    static Decoder of(ConfigFields fields, @Nullable Integer headDim, @Nullable Integer keyValueHeads) {
        int heads = fields.positive("num_attention_heads");
        int width = fields.positive("hidden_size");
        int keys = fields.positiveOrNull("num_key_value_heads", keyValueHeads == null ? heads : keyValueHeads);
        if (heads % keys != 0) {
            throw fields.refused("num_key_value_heads", "a divisor of num_attention_heads, " + heads);
        }
        int head = fields.positiveOrNull("head_dim", headDim == null ? width / heads : headDim);
        if (head % 2 != 0) {
            throw fields.refused("head_dim", "an even number");
        }
        int layers = fields.positive("num_hidden_layers");
        if (layers > MAX_LAYERS) {
            throw fields.refused("num_hidden_layers", "a whole number of at most " + MAX_LAYERS);
        }
        return new Decoder(fields, new Sizes(layers, width, fields.positive("intermediate_size"), heads, keys, head));
    }

    int layers() {
        return sizes.layers();
    }

    /** ε of the norms where the file says nothing. */
    Decoder epsilon(double otherwise) {
        epsilon = otherwise;
        return this;
    }

    Decoder norms(Norms.Place where, boolean offset) {
        place = where;
        normOffset = offset;
        return this;
    }

    Decoder headNorms(Norms.Heads over) {
        headNorms = over;
        return this;
    }

    /** One matrix for queries, keys and values, and one for gate and up. */
    Decoder fused() {
        fused = true;
        return this;
    }

    Decoder biases(boolean heads, boolean output, boolean feed) {
        headBias = heads;
        outputBias = output;
        feedBias = feed;
        return this;
    }

    /** GELU's approximation with tanh, as {@code field} has to say. */
    Decoder gelu(String field) {
        String right = "gelu_pytorch_tanh";
        if (!fields.word(field, right, right).equals(right)) {
            throw fields.refused(field, right);
        }
        activation = Projections.Activation.GELU_TANH;
        return this;
    }

    /** SiLU, as {@code hidden_act} has to say. */
    Decoder silu() {
        if (!fields.word("hidden_act", "silu", "silu").equals("silu")) {
            throw fields.refused("hidden_act", "silu");
        }
        return this;
    }

    Decoder attentionScale(double factor) {
        scale = factor;
        return this;
    }

    Decoder softCaps(@Nullable Double attention, @Nullable Double logits) {
        softCap = attention;
        scales = new Scales(scales.embedding(), scales.residual(), scales.logits(), logits);
        return this;
    }

    Decoder scales(double embedding, double residual, double logits) {
        scales = new Scales(embedding, residual, logits, scales.logitsCap());
        return this;
    }

    /** Which layers see no more than a window of tokens. */
    Decoder windows(List<Boolean> layers, int tokens) {
        windowed = layers;
        window = layers.contains(true) ? tokens : 0;
        return this;
    }

    Decoder ropes(List<Rope> kinds, List<Integer> layers) {
        ropes = kinds;
        turns = layers;
        return this;
    }

    /** The first part of each head that turns. */
    Decoder rotated(double share) {
        rotated = share;
        return this;
    }

    /** Whether the head is the embedding where the file says nothing. */
    Decoder tied(boolean otherwise) {
        tied = fields.has("tie_word_embeddings") ? fields.flag("tie_word_embeddings") : otherwise;
        return this;
    }

    ModelConfig build() {
        List<Rope> kinds = ropes.isEmpty() ? List.of(new RopeFields(fields).rope(10_000)) : ropes;
        kinds.forEach(this::requireFactors);
        double eps = fields.number("rms_norm_eps", epsilon, n -> n >= 0, "a number of at least 0");
        Architecture architecture = new Architecture(
                sizes,
                new Norms(eps, place, normOffset, headNorms),
                new Projections(fused, fused, headBias, outputBias, feedBias, activation),
                new Attention(scale, softCap, window, windowed),
                new Rotation(rotationWidth(), kinds.size(), turns, longFrom(kinds)),
                scales,
                tied);
        return new ModelConfig(
                fields.positive("vocab_size"),
                fields.positiveOr("max_position_embeddings", 2048),
                architecture,
                kinds,
                fields.number("initializer_range", 0.02, n -> n >= 0, "a number of at least 0"),
                dtype());
    }

    private int rotationWidth() {
        int width = (int) (sizes.headDim() * rotated);
        if (width < 2 || width % 2 != 0) {
            throw fields.refused("partial_rotary_factor", "a share of head_dim that is an even number of at least 2");
        }
        return width;
    }

    private void requireFactors(Rope rope) {
        if (rope.scaling() instanceof Rope.Scaling.Long l) {
            int pairs = rotationWidth() / 2;
            if (l.shortFactors().size() != pairs || l.longFactors().size() != pairs) {
                throw fields.refused(
                        fields.has("rope_scaling") ? "rope_scaling" : "rope_parameters",
                        "short_factor and long_factor with a number for each of " + pairs + " pairs of a head");
            }
        }
    }

    private static int longFrom(List<Rope> kinds) {
        return kinds.stream()
                .mapToInt(rope -> rope.scaling() instanceof Rope.Scaling.Long l ? l.originalPositions() : 0)
                .max()
                .orElse(0);
    }

    private DType dtype() {
        DType four = dtype("torch_dtype", DType.F32);
        return dtype("dtype", four);
    }

    private DType dtype(String field, DType otherwise) {
        if (!fields.hasValue(field)) {
            return otherwise;
        }
        String right = "float32, float16 or bfloat16";
        return switch (fields.word(field, "", right)) {
            case "float32" -> DType.F32;
            case "float16" -> DType.F16;
            case "bfloat16" -> DType.BF16;
            default -> throw fields.refused(field, right);
        };
    }
}
