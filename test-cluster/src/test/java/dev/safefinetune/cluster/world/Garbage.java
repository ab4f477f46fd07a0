package dev.safefinetune.cluster.world;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stands in for the garbage collector: what a resource or a Job owned goes with it. */
public final class Garbage {
    private Garbage() {}

    /** Deletes what has an owner that is gone. */
    public static void collect(Team team) {
        KubernetesClient client = team.client();
        String namespace = team.namespace();
        List<HasMetadata> owned = Stream.of(
                        team.jobs(),
                        client.configMaps().inNamespace(namespace).list().getItems(),
                        client.persistentVolumeClaims()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.pods().inNamespace(namespace).list().getItems())
                .<HasMetadata>flatMap(List::stream)
                .filter(object -> !object.getMetadata().getOwnerReferences().isEmpty())
                .toList();
        // Asked after what they own, so that nothing is taken for garbage whose owner was made meanwhile.
        Set<String> owners = Stream.of(List.of(team.vector()), team.fineTunes(), team.jobs())
                .<HasMetadata>flatMap(List::stream)
                .map(object -> object.getMetadata().getUid())
                .collect(Collectors.toSet());
        owned.stream()
                .filter(object -> !owners.contains(
                        object.getMetadata().getOwnerReferences().getFirst().getUid()))
                .forEach(object -> delete(client, object));
    }

    private static void delete(KubernetesClient client, HasMetadata object) {
        if (!object.getMetadata().getFinalizers().isEmpty()) {
            // Nobody is here who would see that no pod uses a claim any more.
            client.resource(object).edit(found -> {
                found.getMetadata().setFinalizers(List.of());
                return found;
            });
        }
        client.resource(object).delete();
    }
}
