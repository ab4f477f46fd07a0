package dev.safefinetune.cluster.world;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What a namespace has once its controllers have seen it, and an API server alone does not give it. */
public final class DefaultServiceAccount {
    private DefaultServiceAccount() {}

    /** Stands in for the service account controller: a pod is refused without one, and only after a while. */
    public static void make(KubernetesClient client, String namespace) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
    }
}
