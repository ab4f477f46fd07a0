package dev.safefinetune.operator.progress;

import dev.safefinetune.operator.OperatorSettings;
import dev.safefinetune.operator.certify.CertificateSecret;
import dev.safefinetune.operator.sign.Signatures;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The progress server, shown a fresh certificate before the old one ends. Every replica serves. */
public final class ProgressService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressService.class);

    /** Certificates are renewed a month before they end; what another replica renewed is seen within this time. */
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

    private final CertificateSecret certificates;
    private final ProgressServer server;
    private @Nullable Thread renewing;

    /**
     * The service.
     *
     * @param url at which pods reach it
     * @param namespace the operator's own, with the Secret of the certificates and the platform's suites
     * @param signatures for publishing pods; absent: nobody signs
     * @throws IllegalArgumentException when the URL is not HTTPS
     */
    public ProgressService(
            Vertx vertx,
            KubernetesClient client,
            String url,
            String namespace,
            OperatorSettings.ProgressSettings settings,
            @Nullable Signatures signatures,
            MeterRegistry meters) {
        this.certificates =
                new CertificateSecret(client, namespace, settings.secretName(), host(url), InstantSource.system());
        this.server = new ProgressServer(vertx, client, namespace, settings, signatures, meters);
    }

    private static String host(String url) {
        URI address = URI.create(url);
        if (!"https".equals(address.getScheme()) || address.getHost() == null) {
            throw new IllegalArgumentException("safe-fine-tune.progress.url must be an https URL with a host, such as"
                    + " https://operator.system.svc:8443, was " + url);
        }
        return AddressLiteral.bare(address.getHost());
    }

    /** Makes or reads the certificates, and serves from now on. */
    public synchronized void start() {
        look();
        renewing = Thread.ofVirtual().name("certificates").start(this::renew);
    }

    /** Shows the certificate that is to be shown now. */
    void look() {
        server.serve(certificates.current());
    }

    private void renew() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS);
                try {
                    look();
                } catch (RuntimeException e) {
                    LOG.atWarn().setCause(e).log("the certificates could not be looked at; they are at the next look");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What pods are to trust; none before it serves. */
    public Optional<String> authorities() {
        return server.authorities();
    }

    /** The port that it listens at. */
    public int port() {
        return server.port();
    }

    @Override
    public synchronized void close() {
        if (renewing != null) {
            renewing.interrupt();
        }
        server.close();
    }
}
