package dev.safefinetune.local.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.safefinetune.local.api.change.Deletion;
import dev.safefinetune.local.api.change.Kinds;
import dev.safefinetune.local.api.change.WriteOptions;
import dev.safefinetune.local.api.change.Writer;
import dev.safefinetune.local.api.http.Discovery;
import dev.safefinetune.local.api.http.Front;
import dev.safefinetune.local.api.http.OpenApi;
import dev.safefinetune.local.api.http.PodLogs;
import dev.safefinetune.local.api.http.ResourceEndpoint;
import dev.safefinetune.local.api.http.SpecialEndpoint;
import dev.safefinetune.local.api.identity.TokenReviews;
import dev.safefinetune.local.api.identity.Tokens;
import dev.safefinetune.local.api.model.ObjectKey;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import dev.safefinetune.local.api.store.ObjectStore;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The embedded API server: on the loopback interface only, and for one bearer token that each start makes anew. */
public final class ApiServer implements AutoCloseable {
    private static final int REQUEST_MILLIS = 60_000;

    static {
        // Read once by the JDK's server: answer at once instead of waiting to fill a packet, and keep idle connections
        // for as long as clients' pools do.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "600");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    }

    private final ObjectStore store;
    private final HttpServer server;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final String token;

    private ApiServer(ObjectStore store, HttpServer server, String token) {
        this.store = store;
        this.server = server;
        this.token = token;
    }

    /**
     * Starts with what an earlier server left in the directory.
     *
     * @param state where objects are kept
     * @param logs where the logs of pods are found
     */
    public static ApiServer start(Path state, PodLogs logs) throws IOException {
        Clock clock = Clock.systemUTC();
        ObjectStore store = new ObjectStore(state);
        Kinds kinds = new Kinds(store);
        Deletion deletion = new Deletion(store, kinds, clock);
        Writer writer = new Writer(store, kinds, deletion, clock);
        Tokens tokens = new Tokens(clock);
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        for (String namespace : List.of("default", "kube-system")) {
            furnish(store, writer, namespace);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ApiServer api = new ApiServer(store, server, token);
        SpecialEndpoint special = new SpecialEndpoint(store, new TokenReviews(store, tokens, clock), logs);
        server.setExecutor(api.requests);
        server.createContext(
                "/",
                new Front(
                        token,
                        tokens,
                        new Discovery(kinds.types()),
                        new OpenApi(kinds),
                        new ResourceEndpoint(store, kinds, writer, deletion, special)));
        server.start();
        return api;
    }

    private static void furnish(ObjectStore store, Writer writer, String namespace) {
        ResourceType namespaces = ResourceTypes.builtIn("namespaces");
        if (store.get(ObjectKey.of(namespaces, "", namespace)).isEmpty()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.putObject("metadata").put("name", namespace);
            writer.create(namespaces, "", object, WriteOptions.own());
        }
    }

    /** Where it listens. */
    public String url() {
        InetAddress address = server.getAddress().getAddress();
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        return "http://" + host + ":" + server.getAddress().getPort();
    }

    /** For a client in this process. */
    public Config clientConfig() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withOauthToken(token)
                .withNamespace("default")
                // It shares its processors with what it runs: trainers that take all of them.
                .withRequestTimeout(REQUEST_MILLIS)
                .build();
    }

    /** Writes a kubeconfig that only this user can read. */
    public void writeKubeconfig(Path file) throws IOException {
        String text = """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: local
                    cluster: {server: "%s"}
                users:
                  - name: admin
                    user: {token: "%s"}
                contexts:
                  - name: local
                    context: {cluster: local, user: admin, namespace: default}
                current-context: local
                """.formatted(url() + Front.prefix(token), token);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    @Override
    public void close() {
        store.close();
        server.stop(0);
        requests.shutdownNow();
    }
}
