package dev.safefinetune.operator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionCheckTest {
    private static Optional<String> finding(Optional<Boolean> enabled, int status, String kinds) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = kinds.getBytes(StandardCharsets.UTF_8);
        server.createContext("/apis/admissionregistration.k8s.io/v1", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            AdmissionCheck check = new AdmissionCheck(client, enabled);
            check.look();
            return check.finding();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anApiServerThatServesThePoliciesIsFine() throws IOException {
        assertThat(finding(Optional.of(true), 200, "{\"resources\": [{\"name\": \"validatingadmissionpolicies\"}]}"))
                .isEmpty();
    }

    @Test
    void oneThatDoesNotIsTold() throws IOException {
        assertThat(finding(
                        Optional.of(true), 200, "{\"resources\": [{\"name\": \"validatingwebhookconfigurations\"}]}"))
                .hasValueSatisfying(finding ->
                        assertThat(finding).startsWith("the API server does not serve ValidatingAdmissionPolicy"));
        assertThat(finding(Optional.of(true), 404, "{}")).isPresent();
    }

    @Test
    void oneThatRefusesToSayIsToldToo() throws IOException {
        assertThat(finding(Optional.of(true), 403, "{}"))
                .hasValueSatisfying(finding -> assertThat(finding).contains("did not say whether"));
    }

    @Test
    void thatItIsOffIsTold() throws IOException {
        assertThat(finding(Optional.of(false), 200, "{}"))
                .hasValueSatisfying(
                        finding -> assertThat(finding).startsWith("admission.enabled of the chart is false"));
    }

    @Test
    void withoutAChartNothingIsSaid() throws IOException {
        assertThat(finding(Optional.empty(), 404, "{}")).isEmpty();
    }
}
