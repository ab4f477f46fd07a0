package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run that is held gives its GPU back, and goes on as the same run. */
@ExtendWith(OperatorLog.class)
class SuspendE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Test
    void heldInTheMiddleOfTrainingItGivesItsPodBackAndGoesOnAsTheSameRun() {
        Run run = TEAM.apply(LongRun.fineTune("held"));
        LongRun.training(run);
        String id = run.status().path("run").path("id").asText();
        run.patch("{\"suspend\":true}");
        Figures.print(
                "suspend, patched to no pod left",
                run.await(
                        "no pod",
                        PATIENCE,
                        seen -> seen.phase().equals("Suspended")
                                && seen.runningPod("Train").isEmpty()));
        assertThat(run.condition("Suspended").path("status").asText()).isEqualTo("True");

        run.patch("{\"suspend\":false}");
        Figures.print("resume, patched to a running pod", run.awaitStage("Train", PATIENCE));
        run.awaitPhase("Succeeded", PATIENCE);
        assertThat(run.status().path("run").path("id").asText()).isEqualTo(id);
        assertThat(run.condition("Suspended").path("status").asText()).isEqualTo("False");
        LongRun.assertWentOnFromACheckpoint(run);
    }

    @Test
    void heldFromTheStartItMakesNoPod() throws InterruptedException {
        Run run = TEAM.apply(Wish.fineTune("never").with("spec.suspend", true));
        run.awaitPhase("Suspended", Duration.ofSeconds(30));
        Thread.sleep(3_000);
        assertThat(run.pods()).isEmpty();
    }
}
