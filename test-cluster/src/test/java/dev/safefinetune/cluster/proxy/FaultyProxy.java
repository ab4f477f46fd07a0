package dev.safefinetune.cluster.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.safefinetune.cluster.ControlPlane;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands between one operator and the API server, with the API server's own certificate. */
public final class FaultyProxy implements AutoCloseable {
    /** Headers that belong to one connection, or that the client sets itself. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "host", "content-length", "transfer-encoding", "keep-alive", "expect");

    static {
        // Without it each answer waits 40 ms for the acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final URI target;
    private final HttpsServer server;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Ledger ledger = new Ledger();
    private final WatchGate watches = new WatchGate();
    private @Nullable Strike strike;
    private int begun;
    private volatile boolean severed;

    private FaultyProxy(ControlPlane controlPlane) throws IOException, GeneralSecurityException {
        target = URI.create(controlPlane.config().getMasterUrl());
        client = HttpClient.newBuilder()
                .sslContext(SSLUtils.sslContext(controlPlane.config()))
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(SSLUtils.sslContext(controlPlane.servingConfig())));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Listens on a port of the loopback interface. */
    public static FaultyProxy start(ControlPlane controlPlane) throws IOException {
        try {
            return new FaultyProxy(controlPlane);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot serve with the API server's certificate", e);
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** What was written through it. */
    public Ledger ledger() {
        return ledger;
    }

    /** At a write to come its process is ended; nothing that it asked for at the same time is let through. */
    public synchronized void plan(Strike next) {
        strike = next;
    }

    /** Whether the planned strike has come. */
    public boolean isSevered() {
        return severed;
    }

    /** Another process takes the place of the one that was ended. */
    public synchronized void heal() {
        strike = null;
        severed = false;
    }

    /** Until {@link #releaseWatches} no event of any watch passes. */
    public void holdWatches() {
        watches.hold();
    }

    /** What was held back passes, in its order. */
    public void releaseWatches() {
        watches.release();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (severed) {
                return;
            }
            if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                // A plain answer in place of a WebSocket: the client then watches by HTTP, whose events can be held
                // back.
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            Optional<Write> write = Write.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    new String(body, StandardCharsets.UTF_8));
            if (write.isPresent()) {
                write(exchange, write.get(), body);
            } else {
                answer(exchange, forward(exchange, body));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(HttpExchange exchange, Write write, byte[] body) throws IOException, InterruptedException {
        Strike due = begin(write);
        if (due != null && due.moment() == Strike.Moment.NOT_FORWARDED) {
            due.death().run();
            return;
        }
        HttpResponse<InputStream> response = forward(exchange, body);
        ledger.note(write, response.statusCode());
        if (due == null) {
            answer(exchange, response);
            return;
        }
        if (due.moment() == Strike.Moment.ANSWERED) {
            answer(exchange, response);
        }
        due.death().run();
        watches.cut();
    }

    /** The strike that is due at this write; from then on nothing else passes. */
    private synchronized @Nullable Strike begin(Write write) {
        begun += write.isElection() ? 0 : 1;
        Strike due = strike;
        if (due == null || write.isElection() || begun != due.write()) {
            return null;
        }
        severed = true;
        return due;
    }

    private HttpResponse<InputStream> forward(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (!OF_THE_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private void answer(HttpExchange exchange, HttpResponse<InputStream> response)
            throws IOException, InterruptedException {
        response.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
        try (InputStream from = response.body()) {
            if (watch) {
                watches.opened(from);
                copyEvents(exchange, response.statusCode(), from);
            } else {
                byte[] whole = from.readAllBytes();
                exchange.sendResponseHeaders(response.statusCode(), whole.length == 0 ? -1 : whole.length);
                exchange.getResponseBody().write(whole);
            }
        } finally {
            watches.ended(response.body());
        }
    }

    private void copyEvents(HttpExchange exchange, int code, InputStream from)
            throws IOException, InterruptedException {
        exchange.sendResponseHeaders(code, 0);
        OutputStream to = exchange.getResponseBody();
        byte[] buffer = new byte[1 << 16];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            watches.pass();
            to.write(buffer, 0, read);
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        severed = true;
        watches.cut();
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}
