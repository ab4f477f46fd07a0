package dev.safefinetune.cli.run;

import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** Brings definitions and manifests to the cluster, as {@code kubectl apply --server-side --validate=strict} does. */
final class Application {
    private static final String MANAGER = "safe-fine-tune";

    private final KubernetesClient client;

    Application(KubernetesClient client) {
        this.client = client;
    }

    void installDefinitions() {
        for (String plural : CustomResourceDefinitions.PLURALS) {
            apply(Serialization.unmarshal(CustomResourceDefinitions.yaml(plural), GenericKubernetesResource.class), "");
        }
    }

    /**
     * Applies manifests in their order; a namespace that is not there is made.
     *
     * @throws RefusedException naming file and object, with what the API server said
     */
    void apply(List<Manifest> manifests) throws RefusedException {
        for (Manifest manifest : manifests) {
            try {
                giveNamespace(manifest.namespace());
                apply(
                        Serialization.jsonMapper().convertValue(manifest.object(), GenericKubernetesResource.class),
                        manifest.namespace());
            } catch (KubernetesClientException e) {
                String said =
                        e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
                throw new RefusedException(manifest.file() + ": " + manifest + ": " + said, e);
            }
        }
    }

    private void giveNamespace(String name) {
        if (client.namespaces().withName(name).get() == null) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    private void apply(GenericKubernetesResource object, String namespace) {
        var kind = client.genericKubernetesResources(object.getApiVersion(), object.getKind());
        var resource = namespace.isEmpty()
                ? kind.resource(object)
                : kind.inNamespace(namespace).resource(object);
        resource.fieldValidation(FieldValidateable.Validation.STRICT)
                .fieldManager(MANAGER)
                .forceConflicts()
                .serverSideApply();
    }
}
