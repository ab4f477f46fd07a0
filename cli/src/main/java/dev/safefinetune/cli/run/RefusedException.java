package dev.safefinetune.cli.run;

/** The cluster does not take a manifest. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
