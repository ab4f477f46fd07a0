package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chart taken out and put in again: what users made is left alone, and a run that had ended is not run again. */
@Order(Integer.MAX_VALUE)
@Tag("node")
class UninstallE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Test
    void leavesUsersResourcesAndTheirStatusAloneAndGoesOnFromThere() {
        Run run = TEAM.apply(Wish.fineTune("stays"));
        run.awaitPhase("Succeeded", PATIENCE);
        JsonNode status = run.status();
        List<String> jobs = names(run);

        Command.run("helm", "uninstall", Cluster.OPERATOR, "--namespace", Cluster.OPERATOR_NAMESPACE, "--wait");
        try {
            // Helm waits for the Deployment, not for the pods that are still ending.
            Command.run(
                    "kubectl",
                    "wait",
                    "pods",
                    "--for=delete",
                    "--namespace=" + Cluster.OPERATOR_NAMESPACE,
                    "--selector=" + Cluster.OPERATOR_LABEL + "=" + Cluster.OPERATOR,
                    "--timeout=120s");
            assertThat(Replicas.all()).isEmpty();
            assertThat(run.status()).isEqualTo(status);
            assertThat(names(run)).isEqualTo(jobs);
        } finally {
            Command.run("kind/install");
        }
        Run next = TEAM.apply(Wish.fineTune("next").with("spec.suspend", true));
        next.awaitPhase("Suspended", PATIENCE);
        assertThat(names(run)).isEqualTo(jobs);
        assertThat(run.status().path("run")).isEqualTo(status.path("run"));
        assertThat(run.phase()).isEqualTo("Succeeded");
    }

    private static List<String> names(Run run) {
        return run.jobs().stream()
                .map(job ->
                        job.getMetadata().getName() + " " + job.getMetadata().getUid())
                .sorted()
                .toList();
    }
}
