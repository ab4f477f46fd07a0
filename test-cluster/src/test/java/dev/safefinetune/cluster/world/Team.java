package dev.safefinetune.cluster.world;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** A team's namespace, with the data that its resources name. */
public record Team(KubernetesClient client, String namespace) {
    private static final String VECTOR = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SecurityVector
            metadata: {name: base}
            spec:
              baseModel: {uri: pvc://models/base}
              harmfulDataset: {uri: pvc://red-team/harmful.jsonl}
              benignDataset: {uri: pvc://red-team/benign.jsonl}
              evaluation: {prompts: {uri: pvc://red-team/prompts.jsonl}}
              storage: {uri: pvc://vectors/base}
            """;
    private static final String READY = """
            observedGeneration: 1
            phase: Ready
            run: {id: base-1, startTime: "2026-01-01T00:00:00Z", completionTime: "2026-01-01T01:00:00Z"}
            digest: %s
            baseDigest: %s
            readiness: {verdict: Passed, gateDrop: "0.7", gateShare: "0.5", replay: {digest: "sha256:4444444444444444444444444444444444444444444444444444444444444444", refusals: 100, lookAlikes: 60}}
            storage: {uri: pvc://vectors/base, digest: %s}
            """;
    private static final String FINE_TUNE = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: bot}
            spec:
              model: {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output: {uri: pvc://models/bot}
            """;

    /** Makes the namespace and the claims. */
    public static Team furnish(KubernetesClient client, String namespace) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        Team team = new Team(client, namespace);
        List.of("models", "red-team", "tickets", "vectors").forEach(team::claim);
        return team;
    }

    private void claim(String name) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteMany")
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("1Gi")))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    /** A vector that is still to be trained. */
    public SecurityVector applyVector() {
        SecurityVector wish = Serialization.unmarshal(VECTOR, SecurityVector.class);
        wish.getMetadata().setNamespace(namespace);
        return client.resource(wish).create();
    }

    /** A vector whose run has ended well. An operator that was quicker may have written its status before. */
    public SecurityVector applyReadyVector() {
        applyVector();
        SecurityVectorStatus ready = Serialization.unmarshal(
                READY.formatted(Results.digest('2'), Results.digest('a'), Results.digest('6')),
                SecurityVectorStatus.class);
        while (true) {
            SecurityVector vector = vector();
            vector.setStatus(ready);
            try {
                return client.resource(vector).updateStatus();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
            }
        }
    }

    public SafeFineTune applyFineTune() {
        return applyFineTune("bot");
    }

    /** Publishes to a place of its own name. */
    public SafeFineTune applyFineTune(String name) {
        SafeFineTune wish =
                Serialization.unmarshal(FINE_TUNE.replace("models/bot", "models/" + name), SafeFineTune.class);
        wish.getMetadata().setNamespace(namespace);
        wish.getMetadata().setName(name);
        return client.resource(wish).create();
    }

    public List<SafeFineTune> fineTunes() {
        return client.resources(SafeFineTune.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    public SafeFineTune fineTune() {
        return client.resources(SafeFineTune.class)
                .inNamespace(namespace)
                .withName("bot")
                .require();
    }

    public SecurityVector vector() {
        return client.resources(SecurityVector.class)
                .inNamespace(namespace)
                .withName("base")
                .require();
    }

    public List<Job> jobs() {
        return client.batch().v1().jobs().inNamespace(namespace).list().getItems();
    }
}
