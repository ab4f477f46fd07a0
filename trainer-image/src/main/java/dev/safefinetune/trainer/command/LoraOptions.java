package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.LoraSettings;
import java.util.List;
import picocli.CommandLine.Option;

/** An adapter's shape as flags, with the defaults of a SafeFineTune. */
final class LoraOptions {
    @Option(
            names = "--rank",
            defaultValue = "" + Defaults.FineTune.RANK,
            description = "of the adapter (default ${DEFAULT-VALUE})")
    private int rank;

    @Option(
            names = "--alpha",
            defaultValue = "" + Defaults.FineTune.ALPHA,
            description = "numerator of the adapter's scale (default ${DEFAULT-VALUE})")
    private double alpha;

    @Option(names = "--rslora", description = "scale alpha / sqrt(rank) instead of alpha / rank")
    private boolean rsLora;

    @Option(
            names = "--target-modules",
            split = ",",
            defaultValue = LoraSettings.ALL_LINEAR,
            description = "linear layers that are adapted (default ${DEFAULT-VALUE})")
    private List<String> targetModules = List.of();

    LoraSettings toContract() {
        return Settings.checked(() -> new LoraSettings(rank, alpha, rsLora, targetModules));
    }
}
