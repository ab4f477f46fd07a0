package dev.safefinetune.operator.progress;

import dev.safefinetune.operator.OperatorSettings;
import dev.safefinetune.operator.certify.ServingCertificate;
import dev.safefinetune.operator.log.LogLine;
import dev.safefinetune.operator.sign.Signatures;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server that takes progress reports and requests for a signature, gives out suites of the platform, and nothing else. A
 * connection carries one of them and has ten seconds for it from the handshake on, whatever it is made to wait for.
 */
public final class ProgressServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressServer.class);
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_CONNECTIONS = 512;
    private static final int WORKERS = 4;
    private static final long CONNECTION_MILLIS = 10_000;

    /** Every status that it answers with. */
    private static final List<Integer> ANSWERS = List.of(200, 202, 204, 400, 401, 403, 404, 405, 409, 413, 429, 503);

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final ProgressReports reports;
    private final SignatureCalls signatures;
    private final SuiteCalls suites;
    private final RateLimit limit;
    private final MeterRegistry meters;
    private final OperatorSettings.ProgressSettings settings;
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable HttpServer server;
    private volatile @Nullable ServingCertificate certificate;

    public ProgressServer(
            Vertx vertx,
            KubernetesClient client,
            String namespace,
            OperatorSettings.ProgressSettings settings,
            @Nullable Signatures signatures,
            MeterRegistry meters) {
        Duration interval = Duration.ofSeconds(settings.intervalSeconds());
        this.vertx = vertx;
        this.workers = vertx.createSharedWorkerExecutor("progress", WORKERS, 1, TimeUnit.MINUTES);
        this.reports = new ProgressReports(client, interval, InstantSource.system());
        this.signatures = new SignatureCalls(client, signatures);
        this.suites = new SuiteCalls(client, namespace);
        this.limit = new RateLimit(interval);
        this.meters = meters;
        this.settings = settings;
        Gauge.builder("safefinetune.progress.certificate.expiry", this, ProgressServer::expirySeconds)
                .baseUnit("seconds")
                .description("When the certificate that pods are shown ends, in seconds since 1970")
                .register(meters);
        ANSWERS.forEach(this::answers);
    }

    private Counter answers(int status) {
        return Counter.builder("safefinetune.progress.reports")
                .description("Progress reports, by the HTTP status of the answer")
                .tag("status", String.valueOf(status))
                .register(meters);
    }

    /** Begins to serve with the certificate, or goes on with it in place of the one before; connections are not cut. */
    public synchronized void serve(ServingCertificate with) {
        if (with.equals(certificate)) {
            return;
        }
        PemKeyCertOptions keys = new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(with.certificate()))
                .addKeyValue(Buffer.buffer(with.key()));
        if (server == null) {
            server = listening(keys);
        } else {
            done(server.updateSSLOptions(new SSLOptions().setKeyCertOptions(keys)));
        }
        certificate = with;
        LogLine.info(LOG).with("port", port()).with("until", with.until()).say("serving progress");
    }

    /** What pods are to trust; none before something is served. */
    public Optional<String> authorities() {
        return Optional.ofNullable(certificate).map(ServingCertificate::authorities);
    }

    /** The port that it listens at. */
    public synchronized int port() {
        return server == null ? settings.listenPort() : server.actualPort();
    }

    private HttpServer listening(PemKeyCertOptions keys) {
        HttpServer made = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(AddressLiteral.bare(settings.listenHost()))
                        .setPort(settings.listenPort())
                        .setSsl(true)
                        .setKeyCertOptions(keys)
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                        .setUseAlpn(false)
                        .setSslHandshakeTimeout(CONNECTION_MILLIS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxInitialLineLength(2048)
                        .setMaxHeaderSize(16 * 1024))
                .connectionHandler(this::limitConnection)
                .requestHandler(this::handle)
                // A client that hangs up or speaks no TLS is not worth a stack trace.
                .exceptionHandler(error -> LOG.debug("a connection failed", error));
        return done(made.listen());
    }

    private void limitConnection(HttpConnection connection) {
        long deadline = vertx.setTimer(CONNECTION_MILLIS, timer -> connection.close());
        boolean tooMany = connections.incrementAndGet() > MOST_CONNECTIONS;
        connection.closeHandler(closed -> {
            vertx.cancelTimer(deadline);
            connections.decrementAndGet();
        });
        if (tooMany) {
            connection.close();
        }
    }

    private void handle(HttpServerRequest request) {
        Call call = Call.parse(String.valueOf(request.path())).orElse(null);
        if (call == null) {
            answer(request, 404);
        } else if (request.method() != call.method()) {
            request.response().putHeader("Allow", call.method().name());
            answer(request, 405);
        } else {
            long wait = limit.retryAfterSeconds(request.remoteAddress().hostAddress(), System.nanoTime());
            if (wait > 0) {
                request.response().putHeader("Retry-After", String.valueOf(wait));
                answer(request, 429);
            } else {
                read(request, call);
            }
        }
    }

    private void read(HttpServerRequest request, Call call) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= MOST_BYTES) {
                body.appendBuffer(chunk);
            } else if (!request.response().ended()) {
                answer(request, 413);
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                workers.executeBlocking(() -> answer(call, request, body.toString()), false)
                        .onSuccess(answer -> answer(request, answer))
                        .onFailure(error -> {
                            LogLine.warn(LOG)
                                    .with("namespace", call.of().namespace())
                                    .with("run", call.of().run())
                                    .because(error)
                                    .say("a call could not be answered");
                            answer(request, 503);
                        });
            }
        });
    }

    private Answer answer(Call call, HttpServerRequest request, String body) {
        String authorization = request.getHeader("Authorization");
        return switch (call) {
            case Call.Report report -> new Answer(reports.outcome(report.of(), authorization, body), null);
            case Call.Signature signature -> signatures.answer(signature.of(), authorization, body);
            case Call.Suite suite -> suites.answer(suite, authorization);
        };
    }

    private void answer(HttpServerRequest request, int status) {
        answer(request, new Answer(status, null));
    }

    private void answer(HttpServerRequest request, Answer answer) {
        answers(answer.status()).increment();
        if (!request.response().closed()) {
            request.response()
                    .putHeader("Connection", "close")
                    .setStatusCode(answer.status())
                    .end(answer.body() == null ? "" : answer.body());
        }
    }

    private double expirySeconds() {
        ServingCertificate shown = certificate;
        return (shown == null ? Instant.EPOCH : shown.until()).getEpochSecond();
    }

    private static <T> T done(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException("progress cannot be served: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            done(server.close());
        }
        workers.close();
    }
}
