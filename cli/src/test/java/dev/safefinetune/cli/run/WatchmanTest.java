package dev.safefinetune.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchmanTest {
    private static final String READY = """
            {"metadata": {"generation": 1}, "status": {"phase": "Succeeded",
             "conditions": [{"type": "Ready", "status": "True", "observedGeneration": 1}]}}""";

    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;
    private final KubernetesClient client;

    WatchmanTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aConnectionThatClosesUnderALookDoesNotEndTheRun() throws InterruptedException {
        answer(2, 200, READY);
        assertThat(follow())
                .hasSize(1)
                .allSatisfy((run, state) -> assertThat(state.ready()).isTrue());
        assertThat(asked).hasValue(3);
    }

    @Test
    void anAnswerThatRefusesDoes() {
        answer(0, 403, "{}");
        assertThatThrownBy(this::follow)
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("403");
    }

    /** The first questions are left without an answer, their connections closed. */
    private void answer(int unanswered, int code, String body) {
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() > unanswered) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(code, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        server.start();
    }

    private Map<Manifest, RunState> follow() throws InterruptedException {
        Display display =
                new Display(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), false);
        ObjectNode manifest = Serialization.unmarshal(
                "apiVersion: safefinetune.dev/v1alpha1\nkind: SafeFineTune\nmetadata: {name: t}", ObjectNode.class);
        return new Watchman(client, display, () -> true).follow(List.of(new Manifest(Path.of("m.yaml"), manifest)));
    }
}
