package dev.safefinetune.cluster.world;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What others have in a team's namespace: volume claims, ConfigMaps and pods that are none of the operator's business. */
public final class Crowd {
    private static final int AT_ONCE = 8;

    /** About what a claim weighs that a chart and a storage driver have written to. */
    private static final String ANNOTATION = "x".repeat(1500);

    private final KubernetesClient client;
    private final String namespace;

    /** Those of a namespace. */
    public Crowd(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Makes so many of each kind. */
    public void gather(int each) throws InterruptedException, ExecutionException {
        DefaultServiceAccount.make(client, namespace);
        List<Callable<HasMetadata>> makings = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            String name = "others-" + i;
            makings.add(() -> client.resource(claim(name)).create());
            makings.add(() -> client.resource(configMap(name)).create());
            makings.add(() -> client.resource(pod(name)).create());
        }
        try (ExecutorService making = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<HasMetadata> made : making.invokeAll(makings)) {
                made.get();
            }
        }
    }

    private ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(Map.of("app", "others", "app.kubernetes.io/managed-by", "Helm"))
                .withAnnotations(Map.of("others.test/note", ANNOTATION))
                .build();
    }

    private HasMetadata claim(String name) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(metadata(name))
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity("1Gi")))
                .endResources()
                .endSpec()
                .build();
    }

    private HasMetadata configMap(String name) {
        return new ConfigMapBuilder()
                .withMetadata(metadata(name))
                .withData(Map.of("settings", ANNOTATION))
                .build();
    }

    private HasMetadata pod(String name) {
        return new PodBuilder()
                .withMetadata(metadata(name))
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("registry.test/app:1")
                .endContainer()
                .endSpec()
                .build();
    }
}
