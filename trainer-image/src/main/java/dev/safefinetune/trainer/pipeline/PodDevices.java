package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Gpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The devices that a process computes on: as many GPUs as it was given, or the processors where it was given none. GPUs that are
 * missing are a fault; nothing ever falls back to the processors.
 */
public final class PodDevices {
    private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");

    private PodDevices() {}

    /**
     * What can be seen of GPUs.
     *
     * @param flavor of the native library, such as {@code cu128}; {@code cpu} knows no GPUs
     * @param runtime version of CUDA's runtime library
     * @param driver its version, as the kernel tells it
     * @param visible what the container runtime and CUDA were told to show
     * @param count GPUs that CUDA finds
     */
    record Sight(String flavor, String runtime, String driver, String visible, int count) {
        static Sight now() {
            return new Sight(
                    Objects.requireNonNullElse(System.getenv("PYTORCH_FLAVOR"), "cpu"),
                    Gpus.runtime(),
                    driverOf(DRIVER),
                    "NVIDIA_VISIBLE_DEVICES=" + System.getenv("NVIDIA_VISIBLE_DEVICES") + ", CUDA_VISIBLE_DEVICES="
                            + System.getenv("CUDA_VISIBLE_DEVICES"),
                    Gpus.count());
        }

        static String driverOf(Path file) {
            try {
                return Files.readAllLines(file).getFirst();
            } catch (IOException e) {
                return "none (" + file + " is not there)";
            }
        }
    }

    /**
     * Finds them.
     *
     * @param gpus that the process was given; absent or 0: the processors, also where there are GPUs
     * @throws TrainerException {@link Fault#NO_USABLE_GPU} saying what was found
     */
    public static List<Device> of(@Nullable Integer gpus) {
        return of(gpus, Sight::now, Gpus::trial);
    }

    /**
     * The same, of what is given.
     *
     * @param trial computes something on a GPU; gives what went wrong
     */
    static List<Device> of(@Nullable Integer gpus, Supplier<Sight> look, Function<Device, Optional<String>> trial) {
        if (gpus == null || gpus == 0) {
            return List.of(Device.CPU);
        }
        Sight sight = look.get();
        if (sight.count() < gpus) {
            throw unusable(gpus, "CUDA finds " + sight.count(), sight);
        }
        List<Device> devices = IntStream.range(0, gpus).mapToObj(Device::cuda).toList();
        for (Device device : devices) {
            Optional<String> failure = trial.apply(device);
            if (failure.isPresent()) {
                throw unusable(gpus, device.text() + " does not compute: " + failure.get(), sight);
            }
        }
        return devices;
    }

    /** How a checkpoint's key names them. */
    static String text(List<Device> devices) {
        return devices.getFirst().isCuda() ? devices.size() + " x cuda" : devices.size() + " x cpu";
    }

    private static TrainerException unusable(int gpus, String found, Sight sight) {
        return new TrainerException(
                Fault.NO_USABLE_GPU,
                "the pod was given " + gpus + (gpus == 1 ? " GPU, " : " GPUs, ") + found + " (native library: "
                        + sight.flavor() + "; CUDA runtime: " + sight.runtime() + "; driver: " + sight.driver()
                        + "; visible: " + sight.visible()
                        + "); give the pod the CUDA image, and its node NVIDIA's driver and device plugin, or set"
                        + " spec.resources.gpus to 0");
    }
}
