package dev.safefinetune.attest;

import dev.safefinetune.contract.ContractJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON of which one value has one text. What was signed is compared byte for byte with the text of what was read from it,
 * so that no bit of a file is without meaning: no white space, no other order of keys, no number written otherwise.
 */
final class Canonical {
    private Canonical() {}

    static byte[] write(Object value) {
        return ContractJson.write(value).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a value.
     *
     * @throws AttestException where it is none, or is written in another way than {@link #write} does
     */
    static <T> T read(String what, byte[] bytes, Class<T> type) throws AttestException {
        String text = text(what, bytes);
        T value;
        try {
            value = ContractJson.read(text, type);
        } catch (IllegalArgumentException e) {
            throw new AttestException(what + " cannot be read: " + e.getMessage());
        }
        if (!ContractJson.write(value).equals(text)) {
            throw new AttestException(what + " is not written as it has to be, byte for byte");
        }
        return value;
    }

    /** The text that the bytes are, if they are UTF-8. */
    static String text(String what, byte[] bytes) throws AttestException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AttestException(what + " is not UTF-8");
        }
    }
}
