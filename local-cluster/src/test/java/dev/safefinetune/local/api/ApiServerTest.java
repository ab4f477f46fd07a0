package dev.safefinetune.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded server: what every server does, what a real cluster's controllers do beside it, and what is its own. */
class ApiServerTest extends ApiConformance {
    @TempDir
    Path state;

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    @Override
    void makeNamespace() {
        start();
        super.makeNamespace();
    }

    private void start() {
        try {
            server = ApiServer.start(state.resolve("objects"), (pod, container) -> Optional.empty());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        client = new KubernetesClientBuilder().withConfig(server.clientConfig()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Override
    protected KubernetesClient client() {
        return client;
    }

    @Test
    void whatIsOwnedGoesWithItsLastOwner() {
        ConfigMap one = client.resource(map("one", "1")).create();
        ConfigMap two = client.resource(map("two", "1")).create();
        ConfigMap owned = map("owned", "1");
        owned.getMetadata().setOwnerReferences(List.of(owner(one), owner(two)));
        client.resource(owned).create();
        client.resource(one).delete();
        assertThat(client.resource(owned).get().getMetadata().getOwnerReferences())
                .extracting(OwnerReference::getName)
                .containsExactly("two");
        client.resource(two).delete();
        assertThat(client.resource(owned).get()).isNull();
    }

    @Test
    void orphansStay() {
        ConfigMap one = client.resource(map("one", "1")).create();
        ConfigMap owned = map("owned", "1");
        owned.getMetadata().setOwnerReferences(List.of(owner(one)));
        client.resource(owned).create();
        client.resource(one).withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
        assertThat(client.resource(owned).get().getMetadata().getOwnerReferences())
                .isEmpty();
    }

    @Test
    void anOwnerInTheForegroundWaitsForWhatItOwns() {
        ConfigMap one = client.resource(map("one", "1")).create();
        ConfigMap owned = map("owned", "1");
        owned.getMetadata().setOwnerReferences(List.of(owner(one)));
        owned.getMetadata().setFinalizers(List.of("example.com/hold"));
        client.resource(owned).create();
        client.resource(one)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        assertThat(client.resource(one).get().getMetadata().getFinalizers()).containsExactly("foregroundDeletion");
        client.configMaps().inNamespace(namespace()).withName("owned").edit(m -> {
            m.getMetadata().setFinalizers(List.of());
            return m;
        });
        assertThat(client.resource(owned).get()).isNull();
        assertThat(client.resource(one).get()).isNull();
    }

    @Test
    void whatNamesAnOwnerThatIsGoneGoesToo() {
        ConfigMap one = client.resource(map("one", "1")).create();
        client.resource(one).delete();
        ConfigMap owned = map("owned", "1");
        owned.getMetadata().setOwnerReferences(List.of(owner(one)));
        client.resource(owned).create();
        assertThat(client.resource(owned).get()).isNull();
    }

    @Test
    void aNamespaceTakesItsObjectsWithIt() {
        ConfigMap inside = client.resource(map("a", "1")).create();
        client.namespaces().withName(namespace()).delete();
        assertThat(client.resource(inside).get()).isNull();
        assertThat(client.namespaces().withName(namespace()).get()).isNull();
    }

    @Test
    void aServerStartedAgainKnowsWhatWasThere() {
        ConfigMap before = client.resource(map("a", "1")).create();
        stop();
        start();
        assertThat(client.resource(before).get()).isEqualTo(before);
        ConfigMap after = client.resource(map("b", "1")).create();
        assertThat(Long.parseLong(after.getMetadata().getResourceVersion()))
                .isGreaterThan(Long.parseLong(before.getMetadata().getResourceVersion()));
    }

    @Test
    void nobodyComesInWithoutTheToken() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/secrets"))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"reason\":\"Unauthorized\"");
        }
        assertThat(server.url()).startsWith("http://127.0.0.1:");
    }

    @Test
    void theKubeconfigIsForThisUserOnly() throws Exception {
        Path file = state.resolve("kubeconfig");
        server.writeKubeconfig(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private static OwnerReference owner(ConfigMap map) {
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(map.getMetadata().getName())
                .withUid(map.getMetadata().getUid())
                .build();
    }
}
