package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever a resource is deleted, nothing that belonged to it stays. */
@ExtendWith(OperatorLog.class)
class DeletionE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @ParameterizedTest
    @ValueSource(strings = {"Prepare", "Train", "Evaluate", "Publish"})
    void leavesNothingWhenItIsDeletedWhileAStageRuns(String stage) {
        Run run = TEAM.apply(Wish.fineTune("gone-in-" + stage.toLowerCase(Locale.ROOT)));
        run.await("a pod of " + stage, PATIENCE, seen -> !seen.pods(stage).isEmpty());
        Figures.print("deleted in " + stage + ", to nothing left", run.deleteAndAwait());

        assertThat(run.left()).isEmpty();
    }

    @Test
    void leavesNothingWhenItIsDeletedAfterItsEnd() {
        Run run = TEAM.apply(Wish.fineTune("gone-at-last"));
        run.awaitPhase("Succeeded", PATIENCE);
        Figures.print("deleted at its end, to nothing left", run.deleteAndAwait());

        assertThat(run.left()).isEmpty();
    }
}
