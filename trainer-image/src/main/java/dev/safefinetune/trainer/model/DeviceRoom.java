package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.Locale;

/** Whether a model's weights fit on a device, before the first of them is copied there. */
final class DeviceRoom {
    private DeviceRoom() {}

    /**
     * Refuses a model that is too large.
     *
     * @param device its name, for the message
     * @param free bytes of the device
     * @throws TrainerException {@link Fault#OUT_OF_MEMORY} with the figures
     */
    static void require(ModelConfig config, Precision precision, String device, long free) {
        long bytes = config.order().names().stream()
                        .map(name -> config.order().shapeOf(name, config.vocabularySize()))
                        .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
                        .sum()
                * precision.bytes();
        if (bytes > free) {
            throw new TrainerException(
                    Fault.OUT_OF_MEMORY,
                    String.format(
                            Locale.ROOT,
                            "the model's weights take %.2f GB in %s, and %s has %.2f GB free; a model is not split over"
                                    + " GPUs, so it needs a GPU with more memory",
                            bytes / 1e9,
                            precision.name().toLowerCase(Locale.ROOT),
                            device,
                            free / 1e9));
        }
    }
}
