package dev.safefinetune.operator.sign;

import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.SigningKey;
import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key as all replicas share it. It is made where there is none and never made anew: a key that cannot be read is
 * somebody's to mend, since a fresh one in its place would be one that no consumer trusts. Every public key that was ever in
 * use stays in the ConfigMap, so that what it has signed can still be checked; whoever withdraws one takes it out there.
 */
public final class SigningKeys {
    static final String PRIVATE = "signing.key";
    static final String PUBLIC = "signing.pub";

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final int ATTEMPTS = 10;

    private final KubernetesClient client;
    private final String namespace;
    private final String secretName;
    private final String publicName;

    /**
     * The keys.
     *
     * @param namespace the operator's own
     * @param secretName the Secret with the private key
     * @param publicName the ConfigMap with the public ones
     */
    public SigningKeys(KubernetesClient client, String namespace, String secretName, String publicName) {
        this.client = client;
        this.namespace = namespace;
        this.secretName = secretName;
        this.publicName = publicName;
    }

    /**
     * The key to sign with now; its public one can be read by everybody.
     *
     * @throws IllegalStateException where the Secret holds none that can be used
     */
    public SigningKey current() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Secret there =
                    client.secrets().inNamespace(namespace).withName(secretName).get();
            if (there != null) {
                SigningKey key = read(there);
                publish(key);
                return key;
            }
            if (write(secret(SigningKey.generate()), true)) {
                tell("Secret", secretName, "signing key made");
            }
        }
        throw new IllegalStateException("Secret " + namespace + "/" + secretName + " comes and goes");
    }

    private SigningKey read(Secret secret) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        try {
            return SigningKey.parse(decode(data, PRIVATE), decode(data, PUBLIC));
        } catch (AttestException e) {
            throw new IllegalStateException("Secret " + namespace + "/" + secretName + " must hold " + PRIVATE
                    + " (PKCS#8, not encrypted) and " + PUBLIC + ", both PEM of one P-256 pair: " + e.getMessage());
        }
    }

    private void publish(SigningKey key) {
        String name = key.verifying().id() + ".pub";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ConfigMap there = client.configMaps()
                    .inNamespace(namespace)
                    .withName(publicName)
                    .get();
            if (there != null && there.getData() != null && there.getData().containsKey(name)) {
                return;
            }
            ConfigMap wanted = (there == null ? fresh() : new ConfigMapBuilder(there))
                    .addToData(name, key.verifying().pem())
                    .build();
            if (write(wanted, there == null)) {
                tell("ConfigMap", publicName, "public key " + key.verifying().id() + " published");
            }
        }
        throw new IllegalStateException("ConfigMap " + namespace + "/" + publicName + " changes all the time");
    }

    private ConfigMapBuilder fresh() {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(publicName)
                .endMetadata();
    }

    private Secret secret(SigningKey key) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(secretName)
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of(
                        PRIVATE,
                        encode(key.pem()),
                        PUBLIC,
                        encode(key.verifying().pem())))
                .build();
    }

    /** False when another replica was faster. */
    private boolean write(HasMetadata object, boolean fresh) {
        try {
            if (fresh) {
                client.resource(object).create();
            } else {
                client.resource(object).update();
            }
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private void tell(String kind, String name, String what) {
        LogLine.info(LOG)
                .with("namespace", namespace)
                .with("kind", kind)
                .with("name", name)
                .say(what);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String decode(Map<String, String> data, String key) throws AttestException {
        String value = data.get(key);
        if (value == null) {
            throw new AttestException(key + " is missing");
        }
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
}
