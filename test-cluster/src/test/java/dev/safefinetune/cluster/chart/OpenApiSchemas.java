package dev.safefinetune.cluster.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.OpenApi;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Schemas for kubeconform, from what a real API server says of the kinds that it serves. Nothing is downloaded. */
final class OpenApiSchemas {
    private static final String MONITORING = "apis/monitoring.coreos.com/v1";

    /** Those that are installed just before. */
    private static final List<String> MONITORED =
            List.of("com.coreos.monitoring.v1.ServiceMonitor", "com.coreos.monitoring.v1.PrometheusRule");

    /** The group versions that the chart makes objects of. */
    private static final List<String> SERVED = List.of(
            "api/v1",
            "apis/admissionregistration.k8s.io/v1",
            "apis/apps/v1",
            "apis/apiextensions.k8s.io/v1",
            "apis/coordination.k8s.io/v1",
            MONITORING,
            "apis/networking.k8s.io/v1",
            "apis/policy/v1",
            "apis/rbac.authorization.k8s.io/v1");

    private OpenApiSchemas() {}

    /**
     * Writes one schema for each kind.
     *
     * @return the schema location to give to kubeconform
     */
    static String write(KubernetesClient client, Path directory) throws IOException, InterruptedException {
        for (String served : SERVED) {
            JsonNode document = OpenApi.document(client, served, served.equals(MONITORING) ? MONITORED : List.of());
            JsonNode schemas = OpenApi.schemas(document);
            schemas.forEach(OpenApiSchemas::close);
            for (JsonNode schema : schemas) {
                for (JsonNode kind : schema.path("x-kubernetes-group-version-kind")) {
                    ObjectNode root = schema.deepCopy();
                    root.set("components", document.path("components"));
                    Files.writeString(directory.resolve(file(kind)), root.toString());
                }
            }
        }
        return directory + "/{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json";
    }

    /** For kubeconform the core group is called by its version. */
    private static String file(JsonNode kind) {
        String group = kind.path("group").asText();
        String version = kind.path("version").asText();
        return "%s_%s_%s.json"
                .formatted(
                        group.isEmpty() ? version : group,
                        version,
                        kind.path("kind").asText().toLowerCase(Locale.ROOT));
    }

    /** Makes a field that is not in a schema an error, as the API server's strict validation does. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")
                && !object.has("x-kubernetes-preserve-unknown-fields")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(OpenApiSchemas::close);
    }
}
