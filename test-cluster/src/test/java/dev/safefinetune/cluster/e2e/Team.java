package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A namespace with the quickstart's model and data on claims of its own. */
record Team(String namespace) implements AutoCloseable {
    private static final List<String> CLAIMS = List.of("models", "data", "vectors", "published");

    /** A fresh namespace with nothing in it; one that an earlier run of the suite left is removed first. */
    static Team fresh(String namespace) {
        remove(namespace);
        Cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        // Made by a controller a moment later; until then no pod may be made.
        Until.holds(
                "the namespace's default ServiceAccount",
                Duration.ofMinutes(1),
                () -> Cluster.client()
                                .serviceAccounts()
                                .inNamespace(namespace)
                                .withName("default")
                                .get()
                        != null);
        return new Team(namespace);
    }

    /** A fresh namespace with model and data. */
    static Team furnished(String namespace) {
        Team team = fresh(namespace);
        CLAIMS.forEach(team::claim);
        Probe seed = Probe.in(namespace).with("models").with("data");
        seed.run("copy", "/quickstart/models", "/models");
        seed.run("copy", "/quickstart/data", "/data");
        return team;
    }

    void claim(String name) {
        Cluster.client()
                .resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        // Pods of several stages, on several nodes, read what one wrote.
                        .withAccessModes("ReadWriteMany")
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("1Gi")))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    Run apply(Wish wish) {
        GenericKubernetesResource made =
                Cluster.client().resource(wish.in(namespace)).create();
        return new Run(namespace, made.getKind(), made.getMetadata().getName());
    }

    @Override
    public void close() {
        remove(namespace);
    }

    private static void remove(String namespace) {
        var resource = Cluster.client().namespaces().withName(namespace);
        resource.delete();
        resource.waitUntilCondition(left -> left == null, 3, TimeUnit.MINUTES);
    }
}
