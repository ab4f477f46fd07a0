package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that leave spec.resources.gpus to the installation, and what an installation has to have for GPUs. */
class InstalledGpusTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    private Container trainer(String job) {
        return chain.job(job).getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private void stageEnds() {
        chain.world.pods().run(World.NAMESPACE, Results::good);
        chain.look();
    }

    private void policy(int mostGpus) {
        chain.world
                .client()
                .resource(Manifests.open("prod", "{\"limits\":{\"maxGpus\":" + mostGpus + "}}"))
                .create();
    }

    @ParameterizedTest
    @CsvSource({"0, cpu, 0, float32, trainer:test", "2, nvidia.com/gpu, 2, bfloat16, trainer:test-cuda"})
    void gpusThatAreLeftOutAreWhatTheInstallationGives(
            int installed, String device, String gpus, String precision, String image) {
        chain.restart(installed, true);
        chain.reach("evaluate");

        assertThat(chain.bot("/run/training/device")).isEqualTo(device);
        assertThat(chain.bot("/run/training/gpus")).isEqualTo(gpus);
        assertThat(chain.bot("/run/training/precision")).isEqualTo(precision);
        assertThat(trainer("bot-1-prepare").getImage()).isEqualTo("trainer:test");
        assertThat(trainer("bot-1-train").getImage()).isEqualTo(image);
        assertThat(trainer("bot-1-evaluate").getImage()).isEqualTo(image);
        assertThat(trainer("base-1-train-vector").getImage()).isEqualTo(image);
    }

    @Test
    void whatTheSpecSaysComesBeforeTheInstallation() {
        chain.restart(2, true);
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"resources\":{\"gpus\":0}}");
        chain.look();
        stageEnds();

        assertThat(chain.bot("/run/training/device")).isEqualTo("cpu");
        assertThat(trainer("bot-2-train").getResources().getLimits()).doesNotContainKey("nvidia.com/gpu");
    }

    /** A change of the chart restarts the operator, with runs under way. */
    @ParameterizedTest
    @CsvSource({"2, 0", "0, 2", "2, 8"})
    void anotherNumberOfTheInstallationLeavesARunThatTrainsAsItIs(int before, int after) {
        chain.restart(before, true);
        chain.reach("train");
        String train = chain.job("bot-1-train").getMetadata().getUid();
        policy(4);
        chain.restart(after, true);
        chain.look();
        assertThat(chain.job("bot-1-train").getMetadata().getUid()).isEqualTo(train);
        stageEnds();

        assertThat(trainer("bot-1-evaluate").getResources().getLimits().get("nvidia.com/gpu"))
                .isEqualTo(before == 0 ? null : new Quantity(String.valueOf(before)));
        assertThat(trainer("bot-1-evaluate").getImage())
                .isEqualTo(trainer("bot-1-train").getImage());
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/run/training/gpus")).isEqualTo(String.valueOf(before));
    }

    @Test
    void aPolicyCountsTheGpusThatTheInstallationGives() {
        chain.restart(2, true);
        policy(1);
        chain.world.applyFineTune();
        chain.look();

        assertThat(chain.condition("Ready")).isEqualTo("False LimitExceeded");
        assertThat(chain.message("bot", "Ready"))
                .isEqualTo(
                        "spec.resources.gpus is left out, which means 2 here (trainer.gpus of the chart); policy prod"
                                + " allows at most 1");
        assertThat(chain.jobs()).isEmpty();
    }

    @Test
    void withoutAnImageForThemARunOnNvidiasGpusIsRefusedBeforeAnyPod() {
        chain.restart(0, false);
        chain.world.applyFineTune();
        chain.patch("{\"resources\":{\"gpus\":1}}");
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);

        assertThat(chain.bot("/phase")).isEqualTo("Rejected");
        assertThat(chain.condition("Ready")).isEqualTo("False CudaImageMissing");
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("True NoPolicy");
        assertThat(chain.message("bot", "Ready"))
                .startsWith(
                        "spec.resources.gpus is 1, of nvidia.com/gpu, and trainer.cuda.image.repository of the chart is"
                                + " empty");
        assertThat(chain.jobs()).isEmpty();
        assertThat(chain.scratch()).isEmpty();

        chain.restart(0, true);
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aVectorIsRefusedInTheSameWay() {
        chain.restart(1, false);
        chain.world.applyVector();
        chain.look();

        assertThat(chain.vectorMessage("base", "Ready")).contains("trainer.cuda.image.repository of the chart");
        assertThat(chain.jobsOf("base")).isEmpty();
    }

    @Test
    void otherGpusAndProcessorsNeedNoSuchImage() {
        chain.restart(0, false);
        chain.world.applyFineTune();
        chain.patch("{\"resources\":{\"gpus\":1,\"gpuResource\":\"amd.com/gpu\"}}");
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    /** What was trained is not given up for a mistake in the chart. */
    @Test
    void anImageThatIsTakenAwayInMidRunIsWaitedFor() {
        chain.restart(1, true);
        chain.reach("train");
        chain.restart(1, false);
        stageEnds();
        assertThat(chain.bot("/phase")).isEqualTo("Queued");
        assertThat(chain.condition("Stalled")).isEqualTo("True CudaImageMissing");
        // The number of a run that trains is fixed, so only the chart can help.
        assertThat(chain.message("bot", "Stalled"))
                .startsWith("status.run.training.gpus is 1, of nvidia.com/gpu")
                .doesNotContain("spec.resources.gpus");
        assertThat(chain.jobs()).doesNotContain("bot-1-evaluate");

        chain.restart(1, true);
        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void allWeightsOnSeveralGpusOfTheInstallationAreRefused() {
        chain.restart(2, true);
        chain.world.applyFineTune();
        chain.patch("{\"method\":{\"type\":\"Full\",\"lora\":null}}");
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);

        assertThat(chain.condition("Ready")).isEqualTo("False SpecInvalid");
        assertThat(chain.message("bot", "Ready"))
                .contains("spec.method.type is Full", "spec.resources.gpus is left out", "on one GPU");
        assertThat(chain.jobs()).isEmpty();
    }

    /** A spec that comes to ask for it after the run has been admitted; the schema lets the installation's number in. */
    @Test
    void soAreTheyBeforeTraining() {
        chain.restart(1, true);
        chain.world.applyFineTune();
        chain.patch("{\"method\":{\"type\":\"Full\",\"lora\":null}}");
        chain.world.applyVector();
        for (int i = 0; i < 10 && chain.jobs().isEmpty(); i++) {
            chain.look();
            if (chain.jobs().isEmpty()) {
                chain.world.pods().run(World.NAMESPACE, Results::good);
            }
        }
        chain.restart(2, true);
        chain.runToTheEnd(Results::good);

        assertThat(chain.condition("Failed")).isEqualTo("True SpecInvalid");
        assertThat(chain.message("bot", "Failed")).contains("spec.method.type is Full");
    }
}
