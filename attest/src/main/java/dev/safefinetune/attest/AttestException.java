package dev.safefinetune.attest;

/** Something that was signed, or a key, is not what it has to be; the message says what, and never quotes a key. */
public final class AttestException extends Exception {
    private static final long serialVersionUID = 1;

    public AttestException(String message) {
        super(message);
    }
}
