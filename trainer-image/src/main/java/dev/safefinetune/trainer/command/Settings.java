package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.function.Supplier;

/** Values of flags that the contract's records check. */
final class Settings {
    private Settings() {}

    /**
     * Makes a record.
     *
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} with the record's own message
     */
    static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new TrainerException(Fault.SETTINGS_INVALID, String.valueOf(e.getMessage()), e);
        }
    }
}
