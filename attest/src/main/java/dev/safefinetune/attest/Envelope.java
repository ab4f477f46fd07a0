package dev.safefinetune.attest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * Something signed, in DSSE's JSON envelope (DSSE 1.0, envelope.md), with one signature.
 *
 * @param payload what is signed, base64
 * @param payloadType always in-toto's
 * @param signatures one
 */
record Envelope(String payload, String payloadType, List<Signed> signatures) {
    static final String TYPE = "application/vnd.in-toto+json";

    /**
     * @param keyid {@link VerifyingKey#id}
     * @param sig DER of the signature over {@link #pae}, base64
     */
    record Signed(String keyid, String sig) {
        Signed {
            Objects.requireNonNull(keyid, "keyid");
            Objects.requireNonNull(sig, "sig");
        }
    }

    Envelope {
        Objects.requireNonNull(payload, "payload");
        if (!TYPE.equals(payloadType)) {
            throw new IllegalArgumentException("payloadType must be " + TYPE + ", was " + payloadType);
        }
        signatures = List.copyOf(signatures);
        if (signatures.size() != 1) {
            throw new IllegalArgumentException("there must be one signature, were " + signatures.size());
        }
    }

    static Envelope sign(byte[] payload, SigningKey key) {
        return new Envelope(
                encode(payload), TYPE, List.of(new Signed(key.verifying().id(), encode(key.sign(pae(payload))))));
    }

    /**
     * The payload, if the signature holds.
     *
     * @throws AttestException where it does not
     */
    byte[] open(VerifyingKey key) throws AttestException {
        byte[] content = decode("the payload", payload);
        byte[] signature = decode("the signature", signatures.getFirst().sig());
        if (!EcdsaSignature.verify(key.key(), pae(content), signature)) {
            throw new AttestException("the signature of the key " + key.id() + " does not hold");
        }
        return content;
    }

    /** What the signature is made over (DSSE 1.0, protocol.md). */
    static byte[] pae(byte[] payload) {
        byte[] head = ("DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " ")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Base64 has spare bits, and a decoder skips them: only the one text that the bytes have is read. */
    static byte[] decode(String what, String text) throws AttestException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new AttestException(what + " is not base64");
        }
        if (!encode(bytes).equals(text)) {
            throw new AttestException(what + " is base64 with spare bits");
        }
        return bytes;
    }
}
