package dev.safefinetune.cluster.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** A manifest of the quickstart, with what a test wishes otherwise. */
record Wish(ObjectNode manifest) {
    /** What the cluster's pretended GPUs are called; the trainer computes on processors beside them. */
    static final String GPU_RESOURCE = "safefinetune.dev/fake-gpu";

    private static final ObjectMapper YAML = Serialization.yamlMapper();

    /** The quickstart's vector on one GPU. */
    static Wish vector() {
        return read("2-security-vector.yaml").onOneGpu();
    }

    /** The quickstart's fine-tune under another name, on one GPU and without its control arm. */
    static Wish fineTune(String name) {
        return read("3-fine-tune.yaml")
                .with("metadata.name", name)
                .with("spec.output.uri", "pvc://published/" + name)
                .with("spec.safety.evaluation.controlArm", false)
                .onOneGpu();
    }

    /** The whole quickstart's fine-tune, on one GPU. */
    static Wish fineTune() {
        return read("3-fine-tune.yaml").onOneGpu();
    }

    private Wish onOneGpu() {
        return with("spec.resources.gpus", 1).with("spec.resources.gpuResource", GPU_RESOURCE);
    }

    /** The same with one field set; a path is its names with dots between them. */
    Wish with(String path, Object value) {
        ObjectNode changed = manifest.deepCopy();
        String[] names = path.split("\\.");
        ObjectNode parent = changed;
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode child = parent.get(names[i]);
            parent = child instanceof ObjectNode object ? object : parent.putObject(names[i]);
        }
        parent.set(names[names.length - 1], YAML.valueToTree(value));
        return new Wish(changed);
    }

    GenericKubernetesResource in(String namespace) {
        return YAML.convertValue(with("metadata.namespace", namespace).manifest, GenericKubernetesResource.class);
    }

    private static Wish read(String file) {
        try {
            return new Wish((ObjectNode) YAML.readTree(Files.readString(Cluster.QUICKSTART.resolve(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
