package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.checks.Gpus;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which GPUs an installation can compute on. */
class GpuTermsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            # GPUs, resource, an image for NVIDIA's, refused
            0, nvidia.com/gpu,         false, false
            1, nvidia.com/gpu,         true,  false
            1, nvidia.com/gpu,         false, true
            1, nvidia.com/mig-1g.10gb, false, true
            1, nvidia.com.example/gpu, false, false
            1, amd.com/gpu,            false, false
            """)
    void areRefusedWhereNothingCouldComputeOnThem(int number, String resource, boolean image, boolean refused) {
        GpuTerms terms = new GpuTerms(new Gpus(number, resource, Gpus.Origin.SPEC), image);

        assertThat(terms.refusal().map(decision -> ((Decision.Refuse) decision).reason()))
                .isEqualTo(refused ? Optional.of(Reason.CUDA_IMAGE_MISSING) : Optional.empty());
    }
}
