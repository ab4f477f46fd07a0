package dev.safefinetune.trainer.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.train.ParityCase;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels for GPUs, as far as a machine without one can tell: libtorch compiles them, which checks each operator's arguments
 * against its schema, and nothing in them makes a tensor without saying on which device. {@code make gpu-check} runs them.
 */
class CudaSourceTest {
    static Stream<String> cases() {
        return ParityCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void compiles(String name) {
        Architecture architecture =
                ModelConfig.read(ParityCase.open(name).checkpoint()).architecture();
        for (Precision precision : Precision.values()) {
            try (Kernels kernels = Kernels.compile(architecture, precision, Device.cuda(1))) {
                assertThat(kernels.device().text()).isEqualTo("cuda:1");
            }
            String source = KernelSource.of(architecture, precision, Device.cuda(1));
            assertThat(source.lines()
                            .filter(line -> line.matches(".*torch\\.(empty|zeros|full|arange|ones)\\(.*"))
                            .filter(line -> !line.contains("device=torch.device(\"cuda:1\")")))
                    .isEmpty();
            assertThat(source).doesNotContain("for_cpu");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void onProcessorsNoDeviceIsNamed(String name) {
        Architecture architecture =
                ModelConfig.read(ParityCase.open(name).checkpoint()).architecture();
        assertThat(KernelSource.of(architecture, Precision.FLOAT32, Device.CPU)).doesNotContain("cuda");
    }
}
