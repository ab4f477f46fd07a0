package dev.safefinetune.local;

import dev.safefinetune.local.api.ApiServer;
import dev.safefinetune.local.runner.Images;
import dev.safefinetune.local.runner.Runner;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A whole cluster in this process: API server, controllers and one node. Its directory is all that it is. */
public final class LocalCluster implements AutoCloseable {
    private final ApiServer api;
    private final KubernetesClient client;
    private final Runner runner;
    private final Path kubeconfig;

    private LocalCluster(ApiServer api, KubernetesClient client, Runner runner, Path kubeconfig) {
        this.api = api;
        this.client = client;
        this.runner = runner;
        this.kubeconfig = kubeconfig;
    }

    /**
     * Starts a cluster, or an earlier one where it stopped.
     *
     * @param directory everything that it keeps
     * @param images what stands for container images
     */
    public static LocalCluster start(Path directory, Images images) throws IOException {
        Path root = directory.toAbsolutePath().normalize();
        Files.createDirectories(root);
        Path pods = root.resolve("pods");
        ApiServer api = ApiServer.start(root.resolve("objects"), (uid, name) -> Runner.log(pods, uid, name));
        Path kubeconfig = root.resolve("kubeconfig");
        api.writeKubeconfig(kubeconfig);
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(api.clientConfig()).build();
        Runner runner = Runner.start(client, images, pods, root.resolve("volumes"));
        return new LocalCluster(api, client, runner, kubeconfig);
    }

    /** A client with all rights; closed with the cluster. */
    public KubernetesClient client() {
        return client;
    }

    /** For clients in other processes. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Bytes of the largest resident set by namespace and name of each pod that ended. */
    public Map<String, Long> peakMemory() {
        return runner.peakMemory();
    }

    @Override
    public void close() {
        runner.close();
        client.close();
        api.close();
    }
}
