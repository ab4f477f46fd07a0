package dev.safefinetune.attest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** A private key with its public one. It never tells the private one but as {@link #pem}. */
public final class SigningKey {
    private static final String KIND = "PRIVATE KEY";

    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    /** A new key of the curve P-256. */
    public static SigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic(), null));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /**
     * Reads a key.
     *
     * @param privatePem PKCS#8, not encrypted
     * @param publicPem that belongs to it
     * @throws AttestException where they are none, or not of one pair
     */
    public static SigningKey parse(String privatePem, String publicPem) throws AttestException {
        VerifyingKey verifying = VerifyingKey.parse("the public key", publicPem);
        PemText.Block block = PemText.read("the private key", KIND, privatePem);
        PrivateKey key;
        try {
            key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block.content()));
        } catch (GeneralSecurityException e) {
            throw new AttestException("the private key is no PKCS#8 key of an elliptic curve");
        }
        SigningKey read = new SigningKey(key, verifying);
        byte[] trial = "one pair".getBytes(StandardCharsets.US_ASCII);
        if (!key.getAlgorithm().equals("EC") || !EcdsaSignature.verify(verifying.key(), trial, read.trial(trial))) {
            throw new AttestException("the private key and the public key are not of one pair");
        }
        return read;
    }

    /** A key of another curve signs too, and what it signs holds for nothing. */
    private byte[] trial(byte[] bytes) {
        try {
            return sign(bytes);
        } catch (IllegalStateException e) {
            return new byte[0];
        }
    }

    byte[] sign(byte[] bytes) {
        return EcdsaSignature.sign(key, bytes);
    }

    public VerifyingKey verifying() {
        return verifying;
    }

    /** The private key as PKCS#8. */
    public String pem() {
        return PemText.write(KIND, key.getEncoded());
    }

    /** Never the private key. */
    @Override
    public String toString() {
        return "SigningKey[" + verifying.id() + "]";
    }
}
