package dev.safefinetune.trainer.data;

/** What is wrong with a row, to be completed with file and line by whoever knows them. */
final class RowException extends RuntimeException {
    private final String reason;

    RowException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
