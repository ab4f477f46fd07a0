package dev.safefinetune.local.api.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.Meta;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs the tokens of service accounts and reads them back. The key lives as long as the process. */
public final class Tokens {
    /** The audience of the API server itself, and the issuer. */
    public static final String API_AUDIENCE = "https://kubernetes.default.svc.cluster.local";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER =
            ENCODER.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

    private final SecretKeySpec key;
    private final Clock clock;

    public Tokens(Clock clock) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, "HmacSHA256");
        this.clock = clock;
    }

    /**
     * A token with the claims that a real API server puts in.
     *
     * @param serviceAccount whose token it is
     * @param pod the pod that it is bound to; absent when to none
     */
    public String sign(ObjectNode serviceAccount, @Nullable ObjectNode pod, List<String> audiences, Duration life) {
        Instant now = clock.instant();
        ObjectNode claims = JsonNodeFactory.instance.objectNode();
        ArrayNode audience = claims.putArray("aud");
        audiences.forEach(audience::add);
        claims.put("exp", now.plus(life).getEpochSecond())
                .put("iat", now.getEpochSecond())
                .put("nbf", now.getEpochSecond())
                .put("iss", API_AUDIENCE)
                .put("jti", UUID.randomUUID().toString());
        String namespace = Meta.namespace(serviceAccount);
        ObjectNode own = claims.putObject("kubernetes.io").put("namespace", namespace);
        reference(own.putObject("serviceaccount"), serviceAccount);
        if (pod != null) {
            reference(own.putObject("pod"), pod);
        }
        claims.put("sub", "system:serviceaccount:" + namespace + ":" + Meta.name(serviceAccount));
        String signed = HEADER + "." + ENCODER.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
        return signed + "." + signature(signed);
    }

    private static void reference(ObjectNode at, ObjectNode object) {
        at.put("name", Meta.name(object)).put("uid", Meta.uid(object));
    }

    /** The claims of a token that this server signed and that has not run out. */
    public Optional<JsonNode> read(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !same(signature(parts[0] + "." + parts[1]), parts[2])) {
            return Optional.empty();
        }
        try {
            JsonNode claims =
                    Serialization.jsonMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
            long now = clock.instant().getEpochSecond();
            return claims.path("exp").asLong() > now ? Optional.of(claims) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return ENCODER.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Compares without telling by its time where the first difference is. */
    public static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
