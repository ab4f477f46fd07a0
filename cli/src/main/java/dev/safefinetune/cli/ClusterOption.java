package dev.safefinetune.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The cluster that a command reads from. */
public final class ClusterOption {
    private static final int RETRIES = 2;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig; left out: that of KUBECONFIG, or ~/.kube/config.")
    private @Nullable Path kubeconfig;

    /**
     * Reads from the cluster.
     *
     * @param what for a message, such as "the policies"
     * @param otherwise how to do without a cluster, for the same message
     * @throws IOException where it cannot be read, saying which cluster and why
     */
    public <T extends @Nullable Object> T read(String what, String otherwise, Function<KubernetesClient, T> reading)
            throws IOException {
        Config config = kubeconfig == null ? Config.autoConfigure(null) : Config.fromKubeconfig(kubeconfig.toFile());
        // Somebody waits for the answer.
        config.setRequestRetryBackoffLimit(RETRIES);
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            return reading.apply(client);
        } catch (KubernetesClientException e) {
            throw new IOException(
                    what + " of the cluster at " + config.getMasterUrl() + " cannot be read: " + e.getMessage() + "; "
                            + otherwise,
                    e);
        }
    }
}
