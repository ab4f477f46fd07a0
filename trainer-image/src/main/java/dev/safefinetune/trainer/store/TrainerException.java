package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the trainer: why a stage cannot be done, and a sentence for people.
 *
 * <p>The message names what is wrong, where, and what would be right. It ends up on the resource's status, so it never
 * holds a sample, a prompt, a token or a secret.
 */
public final class TrainerException extends RuntimeException {
    private final Fault fault;

    public TrainerException(Fault fault, String message) {
        this(fault, message, null);
    }

    public TrainerException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /** The fault of a read or write that failed, such as a full disk. */
    public static TrainerException storage(String what, Path path, IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new TrainerException(Fault.STORAGE, "cannot " + what + " " + path + ": " + reason, cause);
    }

    /** What kind of fault this is; gives the exit code. */
    public Fault fault() {
        return fault;
    }
}
