package dev.safefinetune.attest;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as text (RFC 7468), with lines of one's own before them, which other programs skip. */
final class PemText {
    private static final int LINE = 64;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END ([A-Z0-9 ]+)-----");

    private PemText() {}

    static String write(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /** What stands before the block, and what is in it. */
    record Block(String before, byte[] content) {}

    /**
     * Reads the one block.
     *
     * @throws AttestException where there is none of the kind, or more than one block of any
     */
    static Block read(String what, String kind, String text) throws AttestException {
        Matcher matcher = BLOCK.matcher(text);
        if (!matcher.find()) {
            throw new AttestException(what + " must be PEM with a block '" + kind + "', and has no block");
        }
        if (!matcher.group(1).equals(kind) || !matcher.group(3).equals(kind)) {
            throw new AttestException(what + " must be PEM with a block '" + kind + "', and has '" + matcher.group(1)
                    + "'"
                    + (matcher.group(1).contains("ENCRYPTED") ? ", which needs a password; store it without" : ""));
        }
        int start = matcher.start();
        byte[] content;
        try {
            content = Base64.getMimeDecoder().decode(matcher.group(2));
        } catch (IllegalArgumentException e) {
            // Without its cause, which may quote a key.
            throw new AttestException(what + " is not base64");
        }
        if (matcher.find()) {
            throw new AttestException(what + " must hold one key, and holds several blocks");
        }
        return new Block(text.substring(0, start), content);
    }
}
