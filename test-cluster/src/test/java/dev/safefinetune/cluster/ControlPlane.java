package dev.safefinetune.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** etcd and kube-apiserver as child processes, their state in a directory that goes with them. */
public final class ControlPlane implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "admin-of-a-test";
    private static final String OPERATOR_TOKEN = "operator-of-a-test";

    /** A user without any right of its own. */
    public static final String OPERATOR = "operator";

    private final Path state;
    private final ServiceAccountKey tokenKey;
    private final List<Process> processes = new ArrayList<>();
    private final int port = freePort();
    private final KubernetesClient client;
    private final Duration startTime;

    private ControlPlane(Path state) throws IOException {
        this.state = state;
        this.tokenKey = ServiceAccountKey.in(state);
        long begin = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "kill-control-plane"));
        start("etcd", etcd());
        start("kube-apiserver", apiServer());
        awaitFile(certificate());
        client = new KubernetesClientBuilder().withConfig(config()).build();
        awaitReady();
        startTime = Duration.ofNanos(System.nanoTime() - begin);
    }

    /**
     * Starts both and waits until the API server is ready.
     *
     * @throws IllegalStateException where the binaries are missing or one of the processes ends
     */
    public static ControlPlane start() {
        try {
            return new ControlPlane(Files.createTempDirectory("control-plane"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the control plane", e);
        }
    }

    /** From the start of etcd to a ready API server. */
    public Duration startTime() {
        return startTime;
    }

    /** A client with all rights. */
    public KubernetesClient client() {
        return client;
    }

    /** How a client reaches the API server, with all rights. */
    public Config config() {
        return config(TOKEN);
    }

    /** How {@link #OPERATOR} reaches it. */
    public Config operatorConfig() {
        return config(OPERATOR_TOKEN);
    }

    private Config config(String token) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withCaCertFile(certificate().toString())
                .withOauthToken(token)
                .withNamespace("default")
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    /** The API server's own certificate and key, for what stands in its place. */
    public Config servingConfig() {
        return new ConfigBuilder(Config.empty())
                .withCaCertFile(certificate().toString())
                .withClientCertFile(certificate().toString())
                .withClientKeyFile(state.resolve("certificates/apiserver.key").toString())
                .withClientKeyAlgo("RSA")
                .build();
    }

    /** Writes a kubeconfig for {@link #OPERATOR}. */
    public Path operatorKubeconfig() throws IOException {
        return kubeconfig(OPERATOR, OPERATOR_TOKEN, port);
    }

    /** Writes a kubeconfig for {@link #OPERATOR} by way of another port of the loopback interface. */
    public Path operatorKubeconfig(int port) throws IOException {
        return kubeconfig(OPERATOR + "-" + port, OPERATOR_TOKEN, port);
    }

    /** Writes a kubeconfig with all rights. */
    public Path adminKubeconfig() throws IOException {
        return kubeconfig("admin", TOKEN, port);
    }

    /** Writes a kubeconfig for the holder of a token. */
    public Path kubeconfig(String name, String token) throws IOException {
        return kubeconfig(name, token, port);
    }

    private Path kubeconfig(String name, String token, int port) throws IOException {
        return Files.writeString(state.resolve(name + ".kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
                users: [{name: test, user: {token: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                """.formatted(port, certificate(), token));
    }

    private Path certificate() {
        return state.resolve("certificates/apiserver.crt");
    }

    private List<String> etcd() {
        String own = "http://127.0.0.1:" + freePort();
        String peers = "http://127.0.0.1:" + freePort();
        etcdUrl = own;
        return List.of(
                "--data-dir=" + state.resolve("etcd"),
                "--listen-client-urls=" + own,
                "--advertise-client-urls=" + own,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers,
                // What a test writes need not survive a power cut.
                "--unsafe-no-fsync");
    }

    private String etcdUrl = "";

    /** The key with which it signs tokens, for a test that forges one. */
    public ServiceAccountKey tokenKey() {
        return tokenKey;
    }

    private List<String> apiServer() throws IOException {
        Path tokens = Files.writeString(
                state.resolve("tokens.csv"),
                TOKEN + ",admin,admin,system:masters\n" + OPERATOR_TOKEN + "," + OPERATOR + "," + OPERATOR + "\n");
        return List.of(
                "--etcd-servers=" + etcdUrl,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + state.resolve("certificates"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                // As clusters have it: what refuses privileged pods is then admission.
                "--allow-privileged=true",
                "--endpoint-reconciler-type=none",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + tokenKey.publicFile(),
                "--service-account-signing-key-file=" + tokenKey.privateFile());
    }

    private void start(String name, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Binaries.program(name).toString());
        command.addAll(flags);
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(processes.size()).toFile())
                .start());
    }

    private Path log(int process) {
        return state.resolve(process == 0 ? "etcd.log" : "kube-apiserver.log");
    }

    private void awaitFile(Path file) {
        await("the certificate of the API server", () -> Files.isRegularFile(file) && Files.size(file) > 0);
    }

    private void awaitReady() {
        await("a ready API server", () -> {
            try {
                return "ok".equals(client.raw("/readyz"));
            } catch (KubernetesClientException e) {
                return false;
            }
        });
    }

    private interface Check {
        boolean holds() throws IOException;
    }

    private void await(String what, Check check) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!check.holds()) {
                for (int i = 0; i < processes.size(); i++) {
                    if (!processes.get(i).isAlive() || System.nanoTime() > deadline) {
                        String said = lastLines(log(i));
                        close();
                        throw new IllegalStateException("waited in vain for " + what + ": " + said);
                    }
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        }
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    private void kill() {
        processes.reversed().forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
        for (Process process : processes) {
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        StateDirectory.delete(state);
    }
}
