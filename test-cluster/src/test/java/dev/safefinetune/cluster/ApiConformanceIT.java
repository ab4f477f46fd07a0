package dev.safefinetune.cluster;

import dev.safefinetune.local.api.ApiConformance;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the embedded API server is held to, asked of a real one: a test that a real one fails asks for the wrong thing. */
class ApiConformanceIT extends ApiConformance {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    @Override
    protected KubernetesClient client() {
        return SERVER.client();
    }
}
