package dev.safefinetune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;

/** The API server's own description of what it serves. It writes that of new kinds some time after they are established. */
public final class OpenApi {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private OpenApi() {}

    /**
     * The document of a group and version, once it has the schemas of these names.
     *
     * @param served such as {@code apis/batch/v1}
     */
    public static JsonNode document(KubernetesClient client, String served, List<String> names)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String text = client.raw("/openapi/v3/" + served);
            JsonNode document =
                    text == null ? MissingNode.getInstance() : Serialization.unmarshal(text, JsonNode.class);
            JsonNode schemas = schemas(document);
            if (!schemas.isEmpty() && names.stream().allMatch(schemas::has)) {
                return document;
            }
            assertThat(System.nanoTime()).as("no " + names + " in " + served).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    public static JsonNode schemas(JsonNode document) {
        return document.at("/components/schemas");
    }
}
