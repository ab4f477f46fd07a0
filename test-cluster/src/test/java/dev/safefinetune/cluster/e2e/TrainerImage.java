package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;

/** The image of the trainer's pods, in the nodes of a Kind cluster. */
record TrainerImage(String name) {
    private static final String SETTING = "SAFE_FINE_TUNE_TRAINER_IMAGE";

    /** The one that the installed operator was told. */
    static TrainerImage ofTheOperator() {
        return Replicas.all().stream()
                .flatMap(pod -> pod.getSpec().getContainers().getFirst().getEnv().stream())
                .filter(variable -> variable.getName().equals(SETTING))
                .map(EnvVar::getValue)
                .map(TrainerImage::new)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the operator has no " + SETTING));
    }

    /** Takes it from every node. */
    void remove() {
        nodes().forEach(node -> node.exec("crictl", "rmi", name));
    }

    /** Puts it into every node again, as make kind did. */
    void load() {
        Command.run("kind/load-images", "../build/images/trainer.tar");
    }

    private static List<KindNode> nodes() {
        return Cluster.client().nodes().list().getItems().stream()
                .map((Node node) -> new KindNode(node.getMetadata().getName()))
                .toList();
    }
}
