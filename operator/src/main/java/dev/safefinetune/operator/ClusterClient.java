package dev.safefinetune.operator;

import dev.safefinetune.operator.measure.ApiCalls;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The client of the API server: as Quarkus makes it, and counted. */
class ClusterClient {
    @Produces
    @Singleton
    KubernetesClient client(Config config, KubernetesSerialization serialization, MeterRegistry meters) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("api-calls", new ApiCalls(meters)))
                .build();
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }
}
