package dev.safefinetune.attest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A public key by which statements are checked.
 *
 * @param key of the curve P-256
 * @param id SHA-256 of its SubjectPublicKeyInfo, in hexadecimal digits
 * @param notAfter from then on nothing is believed that it has signed; absent: it does not end
 */
public record VerifyingKey(
        PublicKey key, String id, @Nullable Instant notAfter) {
    private static final String KIND = "PUBLIC KEY";
    private static final String NOT_AFTER = "notAfter:";

    static VerifyingKey of(PublicKey key, @Nullable Instant notAfter) {
        return new VerifyingKey(key, Sha256.hex(key.getEncoded()), notAfter);
    }

    /**
     * Reads a key as PEM. A line {@code notAfter: 2027-01-31T00:00:00Z} before the block ends it; other lines there are
     * ignored, as other programs do with all of them.
     *
     * @param what names the key in messages
     * @throws AttestException where it is no public key of P-256
     */
    public static VerifyingKey parse(String what, String pem) throws AttestException {
        PemText.Block block = PemText.read(what, KIND, pem);
        try {
            PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(block.content()));
            if (!isP256(key)) {
                throw new AttestException(what + " must be a key of the curve P-256");
            }
            return of(key, notAfter(what, block.before()));
        } catch (GeneralSecurityException e) {
            throw new AttestException(what + " is no public key of an elliptic curve");
        }
    }

    static boolean isP256(PublicKey key) {
        return key instanceof ECPublicKey ec && ec.getParams().getOrder().equals(EcdsaSignature.ORDER);
    }

    private static @Nullable Instant notAfter(String what, String lines) throws AttestException {
        Instant end = null;
        for (String line : lines.lines().toList()) {
            if (line.strip().toLowerCase(Locale.ROOT).startsWith("notafter")) {
                if (end != null || !line.startsWith(NOT_AFTER)) {
                    throw new AttestException(what + " must have one line 'notAfter: <time>' at most, has: " + line);
                }
                try {
                    end = Instant.parse(line.substring(NOT_AFTER.length()).strip());
                } catch (DateTimeParseException e) {
                    throw new AttestException(
                            what + " has '" + line + "'; right would be notAfter: 2027-01-31T00:00:00Z");
                }
            }
        }
        return end;
    }

    /** The key alone. */
    public String pem() {
        return PemText.write(KIND, key.getEncoded());
    }

    /** The name under which OpenSSF's model signing knows it: the digest of {@link #pem}. */
    String hint() {
        return Sha256.hex(pem().getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it is believed at a time. */
    public boolean isValid(Instant now) {
        return notAfter == null || now.isBefore(notAfter);
    }
}
