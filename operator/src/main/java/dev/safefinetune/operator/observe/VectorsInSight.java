package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.VectorRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SecurityVectors that a SafeFineTune may use.
 *
 * @param vectors those of its namespace, and the one that it names
 * @param outOfSight the namespace of the one that it names, where the operator has no right to read it
 */
record VectorsInSight(
        List<SecurityVector> vectors, @Nullable String outOfSight) {
    VectorsInSight {
        vectors = List.copyOf(vectors);
    }

    static VectorsInSight of(KubernetesClient client, SafeFineTune resource) {
        String own = resource.getMetadata().getNamespace();
        List<SecurityVector> vectors = new ArrayList<>(
                client.resources(SecurityVector.class).inNamespace(own).list().getItems());
        VectorRef ref = resource.getSpec().safety().vectorRef();
        if (ref == null || ref.namespace() == null || ref.namespace().equals(own)) {
            return new VectorsInSight(vectors, null);
        }
        try {
            Optional.ofNullable(client.resources(SecurityVector.class)
                            .inNamespace(ref.namespace())
                            .withName(ref.name())
                            .get())
                    .ifPresent(vectors::add);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            // Whoever writes the resource has to learn of it there: thrown on, nothing would ever be written to its
            // status.
            return new VectorsInSight(vectors, ref.namespace());
        }
        return new VectorsInSight(vectors, null);
    }
}
