package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A manifest of the table in {@code crds/manifests} with its verdict: the comments on top name the fields at which it is
 * refused, and words that the message has to contain.
 *
 * @param name of the file, without its ending
 * @param object the manifest
 * @param refusedAt fields in order; empty where the manifest is to be accepted
 * @param says words of the messages
 */
public record ManifestCase(String name, JsonNode object, List<String> refusedAt, List<String> says) {
    private static final Path TABLE = Path.of("../crds/manifests");

    public static List<ManifestCase> accepted() {
        return read("accepted");
    }

    public static List<ManifestCase> refused() {
        return read("refused");
    }

    private static List<ManifestCase> read(String folder) {
        try (var files = Files.list(TABLE.resolve(folder))) {
            return files.sorted().map(ManifestCase::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ManifestCase of(Path file) {
        try {
            String text = Files.readString(file);
            TreeSet<String> fields = new TreeSet<>();
            List<String> says = new ArrayList<>();
            for (String line : text.lines().toList()) {
                if (line.startsWith("# refused at:")) {
                    fields.add(line.substring("# refused at:".length()).strip());
                } else if (line.startsWith("# says:")) {
                    says.add(line.substring("# says:".length()).strip());
                }
            }
            String name = file.getFileName().toString().replace(".yaml", "");
            return new ManifestCase(name, json(text), List.copyOf(fields), says);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As kubectl reads YAML 1.1: an unquoted Off is false. */
    public static JsonNode json(String yaml) {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return new YAMLMapper().valueToTree(tree);
    }
}
