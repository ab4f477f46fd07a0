package dev.safefinetune.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** All files of the repository that are generated, by path: from the resource types, and from the chart's values. */
public final class GeneratedFiles {
    static final String CHART_CRDS = ChartReadme.CHART + "/files/crds";

    private GeneratedFiles() {}

    static Map<String, String> all(Path root) {
        Map<String, JsonNode> crds = GeneratedCrds.trees();
        Map<String, String> files = new LinkedHashMap<>();
        crds.forEach((name, crd) -> {
            files.put("crds/" + name + ".yaml", GeneratedCrds.yaml(crd));
            files.put(CHART_CRDS + "/" + name + ".yaml", GeneratedCrds.yaml(kept(crd)));
        });
        files.put("crds/schema-digests.properties", GeneratedCrds.digests(crds));
        files.put("docs/api.md", ApiReference.page(crds.values()));
        files.put("docs/conditions.md", ConditionsPage.page());
        files.put(ChartReadme.PATH, ChartReadme.page(root));
        return files;
    }

    /** The chart's copy: an uninstall that took the definition would take all resources of the users with it. */
    private static JsonNode kept(JsonNode crd) {
        ObjectNode copy = crd.deepCopy();
        copy.withObject("/metadata/annotations").put("helm.sh/resource-policy", "keep");
        return copy;
    }

    /** Writes the files anew; {@code make generate} calls it with the repository's root. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        for (Map.Entry<String, String> file : all(root).entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
