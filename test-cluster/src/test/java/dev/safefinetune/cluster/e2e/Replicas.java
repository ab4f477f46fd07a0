package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;

/** The pods of the operator. */
final class Replicas {
    private Replicas() {}

    static List<Pod> all() {
        return Cluster.client()
                .pods()
                .inNamespace(Cluster.OPERATOR_NAMESPACE)
                .withLabel(Cluster.OPERATOR_LABEL, Cluster.OPERATOR)
                .list()
                .getItems();
    }

    /** Who leads, by the Lease: a pod's name and more; empty before the first election. */
    static String holder() {
        return Cluster.client().leases().inNamespace(Cluster.OPERATOR_NAMESPACE).list().getItems().stream()
                .map(lease -> lease.getSpec().getHolderIdentity())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    static Pod leader() {
        String holder = holder();
        return all().stream()
                .filter(pod -> leads(pod, holder))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod of the operator is the leader " + holder));
    }

    static List<Pod> followers() {
        String holder = holder();
        return all().stream().filter(pod -> !leads(pod, holder)).toList();
    }

    private static boolean leads(Pod pod, String holder) {
        return holder.contains(pod.getMetadata().getName());
    }
}
