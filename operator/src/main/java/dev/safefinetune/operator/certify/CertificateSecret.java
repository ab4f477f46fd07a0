package dev.safefinetune.operator.certify;

import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates as all replicas share them. Each replica renews what has to be renewed; whoever comes second finds the
 * Secret changed and takes what the first one wrote.
 */
public final class CertificateSecret {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateSecret.class);
    private static final String AUTHORITIES = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String SERVING = "tls.crt";
    private static final String SERVING_KEY = "tls.key";
    private static final int ATTEMPTS = 10;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String host;
    private final InstantSource clock;

    /** {@code host}: the name or address at which pods reach the server. */
    public CertificateSecret(KubernetesClient client, String namespace, String name, String host, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.host = host;
        this.clock = clock;
    }

    /** What is to be served and trusted now; made or renewed where it has to be. */
    public ServingCertificate current() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Secret there =
                    client.secrets().inNamespace(namespace).withName(name).get();
            Optional<Certificates> read = read(there);
            Instant now = clock.instant();
            Certificates wanted =
                    read.map(current -> Renewal.renew(current, host, now)).orElseGet(() -> Renewal.begin(host, now));
            if (read.isPresent() && wanted == read.get() || write(there, wanted)) {
                return serving(wanted);
            }
        }
        throw new IllegalStateException("Secret " + namespace + "/" + name + " changes all the time");
    }

    private static ServingCertificate serving(Certificates certificates) {
        return new ServingCertificate(
                Pem.write(certificates.authorities()),
                Pem.write(java.util.List.of(certificates.serving())),
                Pem.write(certificates.servingKey()),
                certificates.serving().getNotAfter().toInstant());
    }

    /** False when another replica was faster. */
    private boolean write(@Nullable Secret there, Certificates wanted) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withResourceVersion(there == null ? null : there.getMetadata().getResourceVersion())
                .withLabels(there == null ? null : there.getMetadata().getLabels())
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(Map.of(
                        AUTHORITIES, encode(Pem.write(wanted.authorities())),
                        AUTHORITY_KEY, encode(Pem.write(wanted.authorityKey())),
                        SERVING, encode(Pem.write(java.util.List.of(wanted.serving()))),
                        SERVING_KEY, encode(Pem.write(wanted.servingKey()))))
                .build();
        try {
            if (there == null) {
                client.resource(secret).create();
            } else {
                client.resource(secret).update();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
        LogLine.info(LOG)
                .with("namespace", namespace)
                .with("kind", "Secret")
                .with("name", name)
                .with("until", wanted.serving().getNotAfter().toInstant())
                .say(there == null ? "certificates made" : "certificates renewed");
        return true;
    }

    /** None where there is nothing, or nothing that can be read: then all is made anew. */
    private Optional<Certificates> read(@Nullable Secret secret) {
        if (secret == null || secret.getData() == null) {
            return Optional.empty();
        }
        Map<String, String> data = secret.getData();
        try {
            return Optional.of(new Certificates(
                    Pem.certificates(decode(data, AUTHORITIES)),
                    Pem.key(decode(data, AUTHORITY_KEY)),
                    Pem.certificates(decode(data, SERVING)).getFirst(),
                    Pem.key(decode(data, SERVING_KEY))));
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause may quote what it could not read.
            LogLine.warn(LOG)
                    .with("namespace", namespace)
                    .with("kind", "Secret")
                    .with("name", name)
                    .with("error", e.getClass().getSimpleName())
                    .say("the certificates cannot be read and are made anew");
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String decode(Map<String, String> data, String key) throws GeneralSecurityException {
        String value = data.get(key);
        if (value == null) {
            throw new GeneralSecurityException(key + " is missing");
        }
        return new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }
}
