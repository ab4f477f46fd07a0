package dev.safefinetune.trainer.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** PEFT's {@code adapter_config.json}: what of it means something here, and a refusal by name of all that would not. */
final class AdapterConfig {
    static final String FILE = "adapter_config.json";

    /** Settings that change the arithmetic; only their neutral value is supported. */
    private static final List<String> MUST_BE_OFF = List.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "fan_in_fan_out",
            "lora_bias",
            "modules_to_save",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "alora_invocation_tokens",
            "arrow_config",
            "megatron_config");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final JsonNode root;

    private AdapterConfig(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static AdapterConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            AdapterConfig config = new AdapterConfig(file, root == null ? JSON.createObjectNode() : root);
            config.refuseWhatIsNotSupported();
            return config;
        } catch (NoSuchFileException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " does not exist", e);
        } catch (JsonProcessingException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " is not JSON", e);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    private void refuseWhatIsNotSupported() {
        String type = root.path("peft_type").asText("");
        if (!type.equals("LORA")) {
            throw invalid("peft_type is " + type + "; supported is LORA");
        }
        if (root.hasNonNull("bias") && !root.path("bias").asText().equals("none")) {
            throw invalid("bias is " + root.path("bias").asText() + "; supported is none");
        }
        for (String field : MUST_BE_OFF) {
            JsonNode node = root.path(field);
            boolean off = node.isMissingNode()
                    || node.isNull()
                    || node.isBoolean() && !node.booleanValue()
                    || node.isContainerNode() && node.isEmpty();
            if (!off) {
                throw invalid(field + " is set; it is not supported");
            }
        }
        requireRank("r", root.path("r"));
        requireScale("lora_alpha", root.path("lora_alpha"));
        JsonNode rsLora = root.path("use_rslora");
        if (!rsLora.isBoolean() && !rsLora.isMissingNode() && !rsLora.isNull()) {
            throw invalid("use_rslora is " + rsLora + "; supported is true or false");
        }
        pattern("rank_pattern").forEach(e -> requireRank("rank_pattern." + e.getKey(), e.getValue()));
        pattern("alpha_pattern").forEach(e -> requireScale("alpha_pattern." + e.getKey(), e.getValue()));
    }

    private Set<Map.Entry<String, JsonNode>> pattern(String field) {
        JsonNode pattern = root.path(field);
        if (!pattern.isObject() && !pattern.isMissingNode() && !pattern.isNull()) {
            throw invalid(field + " is " + pattern + "; supported is an object of numbers");
        }
        return pattern.properties();
    }

    private void requireRank(String field, JsonNode value) {
        if (!value.isInt() || value.intValue() < 1) {
            throw invalid(field + " is " + stated(value) + "; supported is a whole number above 0");
        }
    }

    private void requireScale(String field, JsonNode value) {
        if (!value.isNumber() || !(value.doubleValue() > 0) || !Double.isFinite(value.doubleValue())) {
            throw invalid(field + " is " + stated(value) + "; supported is a number above 0");
        }
    }

    private static String stated(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }

    /** Rank and scale that the settings, with their patterns, give a layer. */
    AdapterLayer layer(String module) {
        int rank = (int) pattern("rank_pattern", module, root.path("r").asInt());
        double alpha = pattern("alpha_pattern", module, root.path("lora_alpha").asDouble());
        boolean rsLora = root.path("use_rslora").asBoolean(false);
        return new AdapterLayer(module, rank, alpha / (rsLora ? Math.sqrt(rank) : rank));
    }

    /** PEFT's rule: the first key that, as an expression, is the module's path or its end after a dot. */
    private double pattern(String field, String module, double otherwise) {
        for (var e : root.path(field).properties()) {
            try {
                if (Pattern.matches("(.*\\.)?(" + e.getKey() + ")", module)) {
                    return e.getValue().asDouble();
                }
            } catch (PatternSyntaxException ex) {
                throw invalid(field + " has a key that is no expression");
            }
        }
        return otherwise;
    }

    LoraSettings settings(SequencedCollection<String> modules) {
        return new LoraSettings(
                root.path("r").asInt(),
                root.path("lora_alpha").asDouble(),
                root.path("use_rslora").asBoolean(false),
                new ArrayList<>(modules));
    }

    TrainerException invalid(String what) {
        return new TrainerException(Fault.MODEL_INVALID, file + ": " + what);
    }

    /** Few keys: unknown ones break older readers. */
    static String write(LoraSettings settings, List<String> targets, String baseModel) {
        ObjectNode root = JSON.createObjectNode()
                .put("base_model_name_or_path", baseModel)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true)
                .put("init_lora_weights", true);
        if (settings.alpha() == Math.rint(settings.alpha())) {
            root.put("lora_alpha", (long) settings.alpha());
        } else {
            root.put("lora_alpha", settings.alpha());
        }
        root.put("lora_dropout", 0.0).put("peft_type", "LORA").put("r", settings.rank());
        ArrayNode modules = root.putArray("target_modules");
        targets.forEach(modules::add);
        root.put("task_type", "CAUSAL_LM").put("use_rslora", settings.rsLora());
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
