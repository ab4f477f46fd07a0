package dev.safefinetune.cli.validate;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The documents of a YAML file.
 *
 * @param manifests in order; empty documents are left out
 * @param problems why the file, or the rest of it, is no YAML
 */
record YamlFile(List<Manifest> manifests, List<Problem> problems) {

    /** The files that are named, and the YAML files of directories that are. */
    static List<Path> in(List<Path> named) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : named) {
            if (Files.isDirectory(path)) {
                try (var inside = Files.list(path)) {
                    inside.filter(file -> file.toString().matches(".*\\.ya?ml"))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        }
        return files;
    }

    /** Reads a file; what cannot be read is a problem, not an exception. */
    static YamlFile read(Path file) {
        List<Manifest> manifests = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try (Reader text = Files.newBufferedReader(file)) {
            for (Node document : new Yaml(new LoaderOptions()).composeAll(text)) {
                YamlTree tree = YamlTree.of(file, document);
                problems.addAll(tree.problems());
                if (!tree.manifest().json().isNull()) {
                    manifests.add(tree.manifest());
                }
            }
        } catch (NoSuchFileException e) {
            problems.add(new Problem(file, 1, "", "", "there is no such file"));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(new Problem(file, line, "", "", "not YAML: " + e.getProblem()));
        } catch (IOException | YAMLException e) {
            problems.add(new Problem(file, 1, "", "", "cannot be read: " + e.getMessage()));
        }
        return new YamlFile(manifests, problems);
    }
}
