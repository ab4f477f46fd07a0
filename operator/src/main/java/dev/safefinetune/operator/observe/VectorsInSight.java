package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafetySpec;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.VectorRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SecurityVectors that a SafeFineTune may use.
 *
 * @param vectors those that it names; where it names none, those of its namespace that are for its base model
 * @param outOfSight a namespace of those that it names, where the operator has no right to read it
 */
record VectorsInSight(
        List<SecurityVector> vectors, @Nullable String outOfSight) {
    /** Where none is to be chosen any more. */
    static final VectorsInSight NONE = new VectorsInSight(List.of(), null);

    VectorsInSight {
        vectors = List.copyOf(vectors);
    }

    static VectorsInSight of(KubernetesClient client, SafeFineTune resource) {
        String own = resource.getMetadata().getNamespace();
        List<VectorRef> refs = named(resource.getSpec().safety());
        if (refs.isEmpty()) {
            return new VectorsInSight(
                    ofBase(client, own, resource.getSpec().model().uri()), null);
        }
        List<SecurityVector> found = new ArrayList<>();
        for (VectorRef ref : refs) {
            String namespace = ref.namespace() == null ? own : ref.namespace();
            try {
                SecurityVector named = client.resources(SecurityVector.class)
                        .inNamespace(namespace)
                        .withName(ref.name())
                        .get();
                Optional.ofNullable(named).ifPresent(found::add);
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN || namespace.equals(own)) {
                    throw e;
                }
                // Whoever writes the resource has to learn of it there: thrown on, nothing would ever be written to
                // its status.
                return new VectorsInSight(found, namespace);
            }
        }
        return new VectorsInSight(found, null);
    }

    private static List<VectorRef> named(SafetySpec safety) {
        List<VectorRef> refs = safety.vectorRefs();
        return refs == null ? Stream.ofNullable(safety.vectorRef()).toList() : refs;
    }

    private static List<SecurityVector> ofBase(KubernetesClient client, String namespace, String model) {
        return Pages.read(
                client.resources(SecurityVector.class).inNamespace(namespace)::list,
                vector -> vector.getSpec().baseModel().uri().equals(model) ? Optional.of(vector) : Optional.empty());
    }
}
