package dev.safefinetune.local.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {
    @TempDir
    Path state;

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(state, (pod, container) -> Optional.empty());
        client = new KubernetesClientBuilder().withConfig(server.clientConfig()).build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("team-a")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void createsReadsUpdatesAndDeletes() {
        ConfigMap created = client.resource(map("a", "1")).create();
        assertThat(created.getMetadata().getUid()).isNotBlank();
        created.setData(Map.of("k", "2"));
        ConfigMap updated = client.resource(created).update();
        assertThat(updated.getData()).containsEntry("k", "2");
        assertThatThrownBy(() -> client.resource(created).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        client.resource(updated).delete();
        assertThat(client.configMaps().inNamespace("team-a").withName("a").get())
                .isNull();
    }

    @Test
    void aWatchSeesChangesInOrder() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        var watch = client.configMaps().inNamespace("team-a").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {}
        });
        ConfigMap created = client.resource(map("w", "1")).create();
        client.resource(created)
                .edit(m -> new ConfigMapBuilder(m).addToData("k", "2").build());
        client.resource(created).delete();
        assertThat(seen.poll(5, SECONDS)).isEqualTo("ADDED w");
        assertThat(seen.poll(5, SECONDS)).isEqualTo("MODIFIED w");
        assertThat(seen.poll(5, SECONDS)).isEqualTo("DELETED w");
        watch.close();
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("team-a")
                .withName(name)
                .endMetadata()
                .addToData("k", value)
                .build();
    }
}
