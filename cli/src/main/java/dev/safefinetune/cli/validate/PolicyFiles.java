package dev.safefinetune.cli.validate;

import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The policies of some files.
 *
 * @param policies of all files
 * @param problems of the files
 */
public record PolicyFiles(List<SafeFineTunePolicy> policies, List<Problem> problems) {
    private static final String KIND = "SafeFineTunePolicy";

    /** Those of files, and of directories of them. */
    public static PolicyFiles named(List<Path> paths) throws IOException {
        return read(YamlFile.in(paths));
    }

    private static PolicyFiles read(List<Path> files) {
        Validator validator = new Validator();
        List<SafeFineTunePolicy> policies = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path file : files) {
            YamlFile yaml = YamlFile.read(file);
            List<Problem> found = new ArrayList<>(validator.validate(file, yaml));
            for (Manifest manifest : yaml.manifests()) {
                found.addAll(unfit(manifest));
                if (found.isEmpty()) {
                    policies.add(Foreseen.read(manifest.json(), SafeFineTunePolicy.class));
                }
            }
            problems.addAll(found);
        }
        return new PolicyFiles(policies, problems);
    }

    private static List<Problem> unfit(Manifest manifest) {
        if (!manifest.kind().equals(KIND)) {
            return List.of(manifest.problem("kind", "\"" + manifest.kind() + "\"", "must be " + KIND + " in --policy"));
        }
        return manifest.json().at("/metadata/name").isTextual()
                ? List.of()
                : List.of(manifest.problem("metadata.name", "", "is missing"));
    }
}
