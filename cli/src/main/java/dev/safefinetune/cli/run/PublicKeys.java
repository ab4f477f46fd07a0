package dev.safefinetune.cli.run;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The public keys of the run's own operator, beside the report: what {@code verify} wants to know. */
final class PublicKeys {
    static final String DIRECTORY = "keys";

    /** As the operator's settings have it. */
    private static final String NAME = "safe-fine-tune-operator-signing-keys";

    private PublicKeys() {}

    /** Writes each to a file; false where there is none. */
    static boolean copyTo(KubernetesClient client, Path report) throws IOException {
        String namespace = client.getNamespace() == null ? "default" : client.getNamespace();
        ConfigMap found =
                client.configMaps().inNamespace(namespace).withName(NAME).get();
        if (found == null || found.getData() == null) {
            return false;
        }
        Path keys = Files.createDirectories(report.resolve(DIRECTORY));
        for (Map.Entry<String, String> key : found.getData().entrySet()) {
            // A name of ConfigMaps has no slash in it.
            Files.writeString(keys.resolve(key.getKey()), key.getValue());
        }
        return true;
    }
}
