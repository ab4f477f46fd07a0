package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Gpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodDevicesTest {
    private static Supplier<PodDevices.Sight> sight(int count) {
        return () -> new PodDevices.Sight("cu128", "126", "NVRM version: 570", "NVIDIA_VISIBLE_DEVICES=all", count);
    }

    private static List<Device> find(int gpus, int there) {
        return PodDevices.of(gpus, sight(there), device -> Optional.empty());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(ints = 0)
    void withoutGpusGivenItIsTheProcessorsWhateverIsInSight(Integer gpus) {
        assertThat(PodDevices.of(gpus, sight(8), device -> Optional.empty())).containsExactly(Device.CPU);
    }

    @Test
    void gpusAreTakenInTheirOrder() {
        assertThat(find(2, 4)).containsExactly(Device.cuda(0), Device.cuda(1));
    }

    @Test
    void noneInSightIsAFaultThatSaysWhatWasFound() {
        assertThatThrownBy(() -> find(1, 0)).isInstanceOfSatisfying(TrainerException.class, e -> {
            assertThat(e.fault()).isEqualTo(Fault.NO_USABLE_GPU);
            assertThat(e)
                    .hasMessageContaining("given 1 GPU, CUDA finds 0")
                    .hasMessageContaining("native library: cu128; CUDA runtime: 126")
                    .hasMessageContaining("NVRM version: 570")
                    .hasMessageContaining("NVIDIA_VISIBLE_DEVICES=all");
        });
    }

    @Test
    void oneOfTwoTakenAwayIsAFault() {
        assertThatThrownBy(() -> find(2, 1))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NO_USABLE_GPU))
                .hasMessageContaining("given 2 GPUs, CUDA finds 1");
    }

    @Test
    void oneThatDoesNotComputeIsAFault() {
        assertThatThrownBy(() -> PodDevices.of(
                        2,
                        sight(2),
                        device -> device.index() == 1 ? Optional.of("no kernel image is available") : Optional.empty()))
                .hasMessageContaining("cuda:1 does not compute: no kernel image is available");
    }

    /** On a machine without NVIDIA's driver, which the build's is. */
    @Test
    void thisProcessorsLibraryComputesOnNoGpu() {
        assertThat(Gpus.trial(Device.cuda(0))).isPresent();
        assertThat(Gpus.runtime()).isEqualTo("none");
        assertThat(Gpus.count()).isZero();
    }

    @Test
    void aDriverThatIsNotThereIsSaid() {
        assertThat(PodDevices.Sight.driverOf(Path.of("no/such/file"))).isEqualTo("none (no/such/file is not there)");
    }
}
