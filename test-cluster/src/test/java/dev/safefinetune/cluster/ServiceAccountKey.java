package dev.safefinetune.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The key with which an API server signs the tokens of service accounts.
 *
 * @param publicKey PEM file
 * @param privateKey PEM file
 */
record ServiceAccountKey(Path publicKey, Path privateKey) {

    /** A new key, written to a directory. */
    static ServiceAccountKey in(Path directory) throws IOException {
        KeyPair pair = generate();
        return new ServiceAccountKey(
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
