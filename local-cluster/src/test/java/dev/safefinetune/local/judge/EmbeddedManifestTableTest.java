package dev.safefinetune.local.judge;

import dev.safefinetune.local.api.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The table put to the embedded API server; test-cluster puts it to a real one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedManifestTableTest extends ManifestTableContract {
    private final ApiServer server;
    private final KubernetesClient client;

    EmbeddedManifestTableTest(@TempDir Path state) throws IOException {
        server = ApiServer.start(state, (pod, container) -> Optional.empty());
        client = new KubernetesClientBuilder().withConfig(server.clientConfig()).build();
    }

    @BeforeAll
    void install() {
        Crds.install(client);
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    @Override
    protected KubernetesClient client() {
        return client;
    }
}
