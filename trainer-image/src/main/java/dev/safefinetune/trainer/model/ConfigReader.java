package dev.safefinetune.trainer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads {@code config.json} of a Llama-family model; every refusal names the field and what is supported. */
final class ConfigReader {
    static final String FILE = "config.json";
    private static final String ARCHITECTURE = "LlamaForCausalLM";

    /** The list of weights is made before the checkpoint is looked at, so it has to end; no model has a quarter of these. */
    private static final int MAX_LAYERS = 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final JsonNode root;

    private ConfigReader(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static ModelConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new TrainerException(Fault.MODEL_INVALID, file + " is not a JSON object");
            }
            return new ConfigReader(file, root).config();
        } catch (NoSuchFileException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " does not exist", e);
        } catch (JsonProcessingException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " is not JSON", e);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    private ModelConfig config() {
        refuseWhatIsNotSupported();
        int heads = positive("num_attention_heads");
        int hidden = positive("hidden_size");
        int keyValueHeads = positiveOr("num_key_value_heads", heads);
        int headDim = positiveOr("head_dim", hidden / heads);
        if (heads % keyValueHeads != 0) {
            throw refused("num_key_value_heads", keyValueHeads + "", "a divisor of num_attention_heads, " + heads);
        }
        if (headDim % 2 != 0) {
            throw refused("head_dim", headDim + "", "an even number");
        }
        return new ModelConfig(
                positive("vocab_size"),
                hidden,
                positive("intermediate_size"),
                layers(),
                heads,
                keyValueHeads,
                headDim,
                positiveOr("max_position_embeddings", 2048),
                root.path("rms_norm_eps").asDouble(1e-6),
                root.path("attention_bias").asBoolean(false),
                root.path("mlp_bias").asBoolean(false),
                root.path("tie_word_embeddings").asBoolean(false),
                rope(),
                root.path("initializer_range").asDouble(0.02),
                dtype());
    }

    private int layers() {
        int layers = positive("num_hidden_layers");
        if (layers > MAX_LAYERS) {
            throw refused("num_hidden_layers", layers + "", "a whole number of at most " + MAX_LAYERS);
        }
        return layers;
    }

    private void refuseWhatIsNotSupported() {
        if (root.hasNonNull("auto_map")) {
            throw refused("auto_map", "present", "no auto_map: code from a model directory is never run");
        }
        if (root.hasNonNull("quantization_config")) {
            throw refused("quantization_config", "present", "weights in float32, float16 or bfloat16");
        }
        String architecture = root.path("architectures").path(0).asText("");
        if (!architecture.equals(ARCHITECTURE)) {
            throw refused("architectures", architecture.isEmpty() ? "nothing" : architecture, ARCHITECTURE);
        }
        String activation = root.path("hidden_act").asText("silu");
        if (!activation.equals("silu")) {
            throw refused("hidden_act", activation, "silu");
        }
        if (root.path("partial_rotary_factor").asDouble(1) != 1) {
            throw refused(
                    "partial_rotary_factor", root.path("partial_rotary_factor").asText(), "1");
        }
    }

    /** transformers 4 has {@code rope_theta} and {@code rope_scaling}, 5 has {@code rope_parameters} with both in it. */
    private Rope rope() {
        JsonNode five = root.path("rope_parameters");
        JsonNode scaling = five.isObject() ? five : root.path("rope_scaling");
        double theta = five.path("rope_theta").asDouble(root.path("rope_theta").asDouble(10_000));
        if (!(theta > 1)) {
            throw refused("rope_theta", theta + "", "a number above 1");
        }
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        return new Rope(
                theta,
                switch (type) {
                    case "default" -> Rope.Scaling.NONE;
                    case "linear" -> new Rope.Scaling.Linear(number(scaling, "factor"));
                    case "llama3" ->
                        new Rope.Scaling.Llama3(
                                number(scaling, "factor"),
                                number(scaling, "low_freq_factor"),
                                number(scaling, "high_freq_factor"),
                                (int) number(scaling, "original_max_position_embeddings"));
                    default ->
                        throw refused("rope_type", type, String.join(", ", List.of("default", "linear", "llama3")));
                });
    }

    private double number(JsonNode node, String field) {
        double value = node.path(field).asDouble(0);
        if (!(value > 0)) {
            throw refused("rope_scaling." + field, node.path(field).asText("nothing"), "a number above 0");
        }
        return value;
    }

    private DType dtype() {
        String name = root.path("dtype").asText(root.path("torch_dtype").asText("float32"));
        return switch (name) {
            case "float32" -> DType.F32;
            case "float16" -> DType.F16;
            case "bfloat16" -> DType.BF16;
            default -> throw refused("dtype", name, "float32, float16 or bfloat16");
        };
    }

    private int positive(String field) {
        if (!root.hasNonNull(field)) {
            throw refused(field, "nothing", "a whole number above 0");
        }
        return positiveOr(field, 0);
    }

    private int positiveOr(String field, int otherwise) {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (!node.isInt() || node.intValue() < 1) {
            throw refused(field, node.asText(), "a whole number above 0");
        }
        return node.intValue();
    }

    private TrainerException refused(String field, String value, String right) {
        return new TrainerException(
                Fault.MODEL_INVALID, file + ": " + field + " is " + value + "; supported is " + right);
    }
}
