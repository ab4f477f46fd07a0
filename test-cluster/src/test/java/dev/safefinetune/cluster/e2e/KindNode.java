package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.Pod;

/** A node of a Kind cluster, which is a container of the same name. */
record KindNode(String name) {
    static KindNode of(Pod pod) {
        return new KindNode(pod.getSpec().getNodeName());
    }

    /** One that fine-tunes are trained on. */
    static KindNode withGpus() {
        return Cluster.client().nodes().list().getItems().stream()
                .filter(node -> node.getStatus().getAllocatable().containsKey(Wish.GPU_RESOURCE))
                .map(node -> new KindNode(node.getMetadata().getName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node of the cluster has GPUs"));
    }

    String exec(String... command) {
        String[] whole = new String[command.length + 3];
        whole[0] = "docker";
        whole[1] = "exec";
        whole[2] = name;
        System.arraycopy(command, 0, whole, 3, command.length);
        return Command.run(whole);
    }

    /** As if its power were cut: nothing of it runs or answers. */
    void pause() {
        Command.run("docker", "pause", name);
    }

    void unpause() {
        Command.run("docker", "unpause", name);
    }

    /** kill -9 of the first process of the pod's one container. */
    static void kill(Pod pod) {
        String container = pod.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getContainerID()
                .replaceFirst("^containerd://", "");
        KindNode node = of(pod);
        String pid =
                node.exec("crictl", "inspect", "--output", "go-template", "--template", "{{.info.pid}}", container);
        node.exec("kill", "-9", pid);
    }
}
