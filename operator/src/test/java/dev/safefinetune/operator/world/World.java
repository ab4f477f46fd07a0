package dev.safefinetune.operator.world;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.local.api.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** An API server with our CRDs, a namespace with its data, and pods on demand. */
public final class World implements AutoCloseable {
    public static final String NAMESPACE = "team-a";

    private static final String VECTOR = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SecurityVector
            metadata: {name: base, namespace: team-a}
            spec:
              baseModel: {uri: pvc://models/base}
              harmfulDataset: {uri: pvc://red-team/harmful.jsonl}
              benignDataset: {uri: pvc://red-team/benign.jsonl}
              evaluation:
                prompts: {uri: pvc://red-team/prompts.jsonl}
                utility: {uri: pvc://red-team/utility.jsonl}
              storage: {uri: pvc://vectors/base}
            """;
    private static final String FINE_TUNE = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: bot, namespace: team-a}
            spec:
              model: {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output: {uri: pvc://models/bot}
              safety: {evaluation: {prompts: {uri: pvc://red-team/prompts.jsonl}}}
            """;

    private final ApiServer server;
    private final KubernetesClient client;
    private final Pods pods;

    private World(ApiServer server) {
        this.server = server;
        this.client = client(server, Optional.empty());
        this.pods = new Pods(client);
    }

    /** A world whose state lies in the directory. */
    public static World start(Path state) throws IOException {
        World world = new World(ApiServer.start(state, (pod, container) -> Optional.empty()));
        for (String kind : List.of("safefinetunes", "securityvectors", "safefinetunepolicies")) {
            try (InputStream crd = Objects.requireNonNull(
                    SafeFineTune.class.getResourceAsStream(kind + ".safefinetune.dev.yaml"), kind)) {
                world.client.load(crd).create();
            }
        }
        world.furnish(NAMESPACE);
        return world;
    }

    /** A namespace with the claims that the resources name. */
    public void furnish(String namespace) {
        namespace(namespace, Map.of());
        List.of("models", "red-team", "tickets", "vectors").forEach(claim -> claim(namespace, claim));
    }

    /** A client of the tests. */
    public KubernetesClient client() {
        return client;
    }

    /** A client whose requests go through the interceptor first. */
    public KubernetesClient client(Interceptor interceptor) {
        return client(server, Optional.of(interceptor));
    }

    public Pods pods() {
        return pods;
    }

    public SecurityVector applyVector() {
        return applyVector(NAMESPACE);
    }

    public SecurityVector applyVector(String namespace) {
        SecurityVector vector = Serialization.unmarshal(VECTOR, SecurityVector.class);
        vector.getMetadata().setNamespace(namespace);
        return client.resource(vector).create();
    }

    /** Another vector beside that of {@link #applyVector}, stored elsewhere. */
    public SecurityVector applyVector(String name, String storage) {
        String text = VECTOR.replace("pvc://vectors/base", storage);
        SecurityVector vector = Serialization.unmarshal(text, SecurityVector.class);
        vector.getMetadata().setName(name);
        return client.resource(vector).create();
    }

    public SafeFineTune applyFineTune() {
        return applyFineTune(NAMESPACE);
    }

    /** Another fine-tune beside that of {@link #applyFineTune}, published elsewhere. */
    public SafeFineTune applyFineTune(String name, String output) {
        String text = FINE_TUNE.replace("pvc://models/bot", output);
        SafeFineTune fineTune = Serialization.unmarshal(text, SafeFineTune.class);
        fineTune.getMetadata().setName(name);
        return client.resource(fineTune).create();
    }

    /** What {@link #applyFineTune} would create. */
    public SafeFineTune fineTuneToApply() {
        return Serialization.unmarshal(FINE_TUNE, SafeFineTune.class);
    }

    public SafeFineTune applyFineTune(String namespace) {
        SafeFineTune fineTune = fineTuneToApply();
        fineTune.getMetadata().setNamespace(namespace);
        return client.resource(fineTune).create();
    }

    public SecurityVector vector() {
        return vector(NAMESPACE);
    }

    public SecurityVector vector(String namespace) {
        return client.resources(SecurityVector.class)
                .inNamespace(namespace)
                .withName("base")
                .require();
    }

    public SecurityVector vectorNamed(String name) {
        return client.resources(SecurityVector.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .require();
    }

    public SafeFineTune fineTune() {
        return fineTune(NAMESPACE);
    }

    public SafeFineTune fineTuneNamed(String name) {
        return client.resources(SafeFineTune.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .require();
    }

    public SafeFineTune fineTune(String namespace) {
        return client.resources(SafeFineTune.class)
                .inNamespace(namespace)
                .withName("bot")
                .require();
    }

    public void namespace(String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    private void claim(String namespace, String name) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests("storage", new Quantity("1Gi"))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    private static KubernetesClient client(ApiServer server, Optional<Interceptor> interceptor) {
        return new KubernetesClientBuilder()
                .withConfig(server.clientConfig())
                .withHttpClientBuilderConsumer(
                        builder -> interceptor.ifPresent(i -> builder.addOrReplaceInterceptor("test", i)))
                .build();
    }
}
