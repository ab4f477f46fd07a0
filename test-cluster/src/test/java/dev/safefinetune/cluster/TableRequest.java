package dev.safefinetune.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.net.URI;

/** Asks for a list as kubectl get does: as a table with columns. */
final class TableRequest {
    private TableRequest() {}

    static String get(Config config, URI path) {
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            HttpClient http = client.getHttpClient();
            HttpRequest request = http.newHttpRequestBuilder()
                    .uri(config.getMasterUrl().replaceAll("/$", "") + path)
                    .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                    .build();
            return http.sendAsync(request, String.class).join().body();
        }
    }
}
