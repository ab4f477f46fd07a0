package dev.safefinetune.trainer.family;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads {@code config.json}; every refusal names the field and what is supported. */
final class ConfigReader {
    static final String FILE = "config.json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ConfigFields fields;

    private ConfigReader(ConfigFields fields) {
        this.fields = fields;
    }

    static ModelConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        ModelDirectory.refusePointers(directory);
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new TrainerException(Fault.MODEL_INVALID, file + " is not a JSON object");
            }
            return new ConfigReader(new ConfigFields(file, "", root)).config();
        } catch (NoSuchFileException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " does not exist", e);
        } catch (JsonProcessingException e) {
            throw new TrainerException(Fault.MODEL_INVALID, file + " is not JSON", e);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    private ModelConfig config() {
        refuse(fields);
        if (fields.root().path("text_config").isObject()) {
            refuse(fields.object("text_config"));
        }
        String name = fields.root().path("architectures").path(0).asText("");
        return Family.of(name)
                .orElseThrow(() -> fields.refused("architectures", Family.supported()))
                .read(fields);
    }

    /** What would have to be run or unpacked; a multimodal file may say it of its text part. */
    private static void refuse(ConfigFields fields) {
        if (fields.hasValue("auto_map")) {
            throw fields.refused("auto_map", "no auto_map: code from a model directory is never run");
        }
        if (fields.hasValue("quantization_config")) {
            throw fields.refused("quantization_config", "weights in float32, float16 or bfloat16");
        }
    }
}
