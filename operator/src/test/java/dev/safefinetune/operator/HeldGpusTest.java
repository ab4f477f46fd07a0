package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run whose pods hold GPUs that the trainer cannot use is told so. */
class HeldGpusTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    private void run(String resources) {
        chain.world.applyFineTune();
        chain.patch("{\"resources\":" + resources + "}");
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aRunThatHoldsGpusOfAnotherResourceIsToldOnceWhenItBegins() {
        run("{\"gpus\":2,\"gpuResource\":\"amd.com/gpu\"}");
        chain.restart();
        chain.look();

        assertThat(chain.events())
                .containsOnlyOnce(
                        "Warning GpusNotUsed spec.resources.gpus is 2: the pods that train and evaluate hold that"
                                + " many of amd.com/gpu and compute on processors");
        assertThat(chain.bot("/run/training/device")).isEqualTo("amd.com/gpu");
        assertThat(chain.bot("/run/training/precision")).isEqualTo("float32");
    }

    @Test
    void soIsOneToWhichTheInstallationGivesThem() {
        chain.restart(1, true);
        run("{\"gpuResource\":\"amd.com/gpu\"}");

        assertThat(chain.events())
                .contains("Warning GpusNotUsed spec.resources.gpus is left out, which means 1 here (trainer.gpus of the"
                        + " chart)");
    }

    @Test
    void aRunOnNvidiasIsToldNothing() {
        run("{\"gpus\":2}");

        assertThat(chain.events()).contains("StageStarted").doesNotContain("GpusNotUsed");
        assertThat(chain.bot("/run/training/precision")).isEqualTo("bfloat16");
    }

    @Test
    void aRunThatHoldsNoneIsToldNothing() {
        chain.reach("publish");

        assertThat(chain.events()).contains("StageStarted").doesNotContain("GpusNotUsed");
    }
}
