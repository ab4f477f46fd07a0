package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Precision;
import dev.safefinetune.trainer.pipeline.PodDevices;
import dev.safefinetune.trainer.tensor.Device;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On what a training computes, and in what. */
final class ComputeOptions {
    @Option(
            names = "--precision",
            description =
                    "in what is computed: ${COMPLETION-CANDIDATES} (default bfloat16 on GPUs, float32 on processors)")
    private @Nullable Precision precision;

    @Option(
            names = "--gpus",
            defaultValue = "0",
            description = "on so many GPUs, 0 for the processors (default ${DEFAULT-VALUE})")
    private int gpus;

    @Option(
            names = "--replicas",
            defaultValue = "1",
            description = "replicas of the model on the processors, which share each step (default ${DEFAULT-VALUE})")
    private int replicas;

    Precision precision() {
        return precision == null ? Precision.auto(gpus > 0) : precision;
    }

    /** The devices; GPUs that are missing are a fault. */
    List<Device> devices() {
        return Settings.checked(this::wished);
    }

    private List<Device> wished() {
        if (gpus < 0) {
            throw new IllegalArgumentException("--gpus must be at least 0, was " + gpus);
        }
        if (replicas < 1 || replicas > 1 && gpus > 0) {
            throw new IllegalArgumentException("--replicas must be at least 1, and 1 with --gpus, was " + replicas);
        }
        return gpus > 0 ? PodDevices.of(gpus) : Collections.nCopies(replicas, Device.CPU);
    }
}
