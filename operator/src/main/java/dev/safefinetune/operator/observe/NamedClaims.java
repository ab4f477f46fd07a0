package dev.safefinetune.operator.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The volume claims of a namespace that somebody has named. The others are nobody's concern here, however many they are.
 *
 * @param client of the API server
 * @param namespace of the claims
 */
record NamedClaims(KubernetesClient client, String namespace) {

    /** The claim of a name. */
    Optional<PersistentVolumeClaim> find(String name) {
        return Optional.ofNullable(client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** Those that bear the labels. */
    List<PersistentVolumeClaim> labelled(Map<String, String> labels) {
        return client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withLabels(labels)
                .list()
                .getItems();
    }

    /** Which of the names are those of claims. */
    Set<String> existing(Set<String> names) {
        return names.stream().filter(name -> find(name).isPresent()).collect(Collectors.toSet());
    }
}
