package dev.safefinetune.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;

/**
 * The key with which an API server signs the tokens of service accounts.
 */
public final class ServiceAccountKey {
    private final PrivateKey key;
    private final Path publicFile;
    private final Path privateFile;

    private ServiceAccountKey(PrivateKey key, Path publicFile, Path privateFile) {
        this.key = key;
        this.publicFile = publicFile;
        this.privateFile = privateFile;
    }

    Path publicFile() {
        return publicFile;
    }

    Path privateFile() {
        return privateFile;
    }

    /** The same token, but valid until another time: signed as the API server itself would have. */
    public String until(String token, Instant end) throws IOException, GeneralSecurityException {
        String[] parts = token.split("\\.");
        ObjectNode claims = (ObjectNode)
                Serialization.jsonMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
        claims.put("exp", end.getEpochSecond());
        String signed = parts[0] + "." + base64(Serialization.jsonMapper().writeValueAsBytes(claims));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A new key, written to a directory. */
    static ServiceAccountKey in(Path directory) throws IOException {
        KeyPair pair = generate();
        return new ServiceAccountKey(
                pair.getPrivate(),
                pem(directory.resolve("sa.pub"), "PUBLIC KEY", pair.getPublic().getEncoded()),
                pem(
                        directory.resolve("sa.key"),
                        "PRIVATE KEY",
                        pair.getPrivate().getEncoded()));
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private static Path pem(Path file, String kind, byte[] key) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
