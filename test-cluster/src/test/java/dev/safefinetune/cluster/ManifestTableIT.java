package dev.safefinetune.cluster;

import dev.safefinetune.local.judge.Crds;
import dev.safefinetune.local.judge.ManifestTableContract;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The table that the embedded API server is held to, put to a real one. */
class ManifestTableIT extends ManifestTableContract {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    @BeforeAll
    static void install() {
        Crds.install(SERVER.client());
    }

    @Override
    protected KubernetesClient client() {
        return SERVER.client();
    }
}
