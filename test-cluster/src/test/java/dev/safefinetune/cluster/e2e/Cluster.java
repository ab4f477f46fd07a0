package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The cluster that KUBECONFIG names, and what {@code test-cluster/cluster-test} says about it. */
final class Cluster {
    /** Where the chart was installed. */
    static final String OPERATOR_NAMESPACE = "safe-fine-tune-system";

    /** Finds the operator's pods. */
    static final String OPERATOR_LABEL = "app.kubernetes.io/name";

    static final String OPERATOR = "safe-fine-tune-operator";

    /** The examples, which the tests apply as they are but for what they are about. */
    static final Path QUICKSTART = Path.of("../examples/quickstart");

    private static final int REQUEST_MILLIS = 60_000;

    private static @Nullable KubernetesClient client;

    private Cluster() {}

    /** One client for all tests, with the rights of the kubeconfig. */
    static synchronized KubernetesClient client() {
        if (client == null) {
            setting("KUBECONFIG");
            // An API server that shares two processors with everything else may be slow to answer; that is no failure.
            client = new KubernetesClientBuilder()
                    .withConfig(new ConfigBuilder()
                            .withRequestTimeout(REQUEST_MILLIS)
                            .build())
                    .build();
        }
        return client;
    }

    /** The image of the probe, which the test pods run. */
    static String probeImage() {
        return setting("E2E_IMAGE");
    }

    private static String setting(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    name + " is not set: make kind makes a cluster, and make cluster-test runs these tests on it");
        }
        return value;
    }
}
