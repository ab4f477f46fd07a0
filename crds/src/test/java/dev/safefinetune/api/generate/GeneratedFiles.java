package dev.safefinetune.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** All files of the repository that are generated from the resource types, by path. */
public final class GeneratedFiles {
    private GeneratedFiles() {}

    static Map<String, String> all() {
        Map<String, JsonNode> crds = GeneratedCrds.trees();
        Map<String, String> files = new LinkedHashMap<>();
        crds.forEach((name, crd) -> {
            String yaml = GeneratedCrds.yaml(crd);
            files.put("crds/" + name + ".yaml", yaml);
            files.put("charts/safe-fine-tune-operator/crds/" + name + ".yaml", yaml);
        });
        files.put("docs/api.md", ApiReference.page(crds.values()));
        files.put("docs/conditions.md", ConditionsPage.page());
        return files;
    }

    /** Writes the files anew; {@code make generate} calls it with the repository's root. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        for (Map.Entry<String, String> file : all().entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
