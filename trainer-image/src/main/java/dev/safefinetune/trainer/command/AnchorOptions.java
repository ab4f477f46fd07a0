package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.trainer.store.TrainerException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What holds the model's hidden states while it learns, for a training by hand. */
final class AnchorOptions {
    @Option(
            names = "--anchor-weight",
            description =
                    "holds the model's hidden states at requests beside the vector to the base's own, in each step; 0"
                            + " for no anchor (default with --vector: " + Defaults.Anchor.WEIGHT
                            + ", with --method full "
                            + Defaults.Anchor.FULL_WEIGHT + ")")
    private @Nullable Double weight;

    /**
     * What the training is held to, as a SafeFineTune would be.
     *
     * @param vector whether a vector is attached, beside which the requests lie
     * @param method of the training
     * @throws TrainerException {@link Fault#SETTINGS_INVALID}
     */
    @Nullable
    AnchorSettings settings(boolean vector, FineTuning.Method method) {
        Double given = weight;
        if (given == null) {
            return vector ? AnchorSettings.of(method) : null;
        }
        if (given == 0) {
            return null;
        }
        if (!(given > 0 && Double.isFinite(given))) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--anchor-weight must be 0 for no anchor or a finite number above it, was " + given);
        }
        if (!vector) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--anchor-weight needs --vector, beside which the requests of an anchor lie");
        }
        return new AnchorSettings(given);
    }
}
