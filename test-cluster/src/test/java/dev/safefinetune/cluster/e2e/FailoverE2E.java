package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two operators, of which one leads: when that one dies, the other goes on, and no Job is made twice. */
@Tag("node")
class FailoverE2E {
    @RegisterExtension
    static final SharedTeam TEAM = new SharedTeam();

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** The limit that the project has set itself. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void afterKill9OfTheLeaderTheOtherOneGoesOnAndNoJobIsMadeTwice() {
        assertThat(Replicas.all()).hasSize(2);
        Run during = TEAM.apply(LongRun.fineTune("during-failover"));
        LongRun.training(during);
        Map<String, String> jobs = uids(during);

        KindNode.kill(Replicas.leader());
        Run after = TEAM.apply(Wish.fineTune("after-failover"));
        Duration failover = Until.holds(
                "the first Job of a run that nobody led",
                PATIENCE,
                () -> !after.jobs().isEmpty());
        Figures.print("failover, kill -9 of the leader to the first Job of a new run", failover);

        during.awaitPhase("Succeeded", PATIENCE);
        assertThat(uids(during)).containsAllEntriesOf(jobs);
        assertThat(during.jobs())
                .allSatisfy(job -> assertThat(podsOf(during, job)).isEqualTo(1));
        assertThat(failover).isLessThanOrEqualTo(LIMIT);
    }

    /** What an upgrade of the chart does to the operator's pods. */
    @Test
    void anOperatorThatIsReplacedInTheMiddleOfATrainingLeavesItsJobAlone() {
        Run run = TEAM.apply(LongRun.fineTune("during-upgrade"));
        LongRun.training(run);
        Map<String, String> jobs = uids(run);
        Command.run("kubectl", "-n", Cluster.OPERATOR_NAMESPACE, "rollout", "restart", "deployment", Cluster.OPERATOR);
        Command.run(
                "kubectl",
                "-n",
                Cluster.OPERATOR_NAMESPACE,
                "rollout",
                "status",
                "deployment",
                Cluster.OPERATOR,
                "--timeout=120s");

        run.awaitPhase("Succeeded", PATIENCE);
        assertThat(uids(run)).containsAllEntriesOf(jobs);
        assertThat(run.jobs()).allSatisfy(job -> assertThat(podsOf(run, job)).isEqualTo(1));
    }

    private static Map<String, String> uids(Run run) {
        return run.jobs().stream()
                .collect(Collectors.toMap(
                        job -> job.getMetadata().getName(),
                        job -> job.getMetadata().getUid()));
    }

    private static long podsOf(Run run, Job job) {
        return run.pods().stream()
                .filter(pod -> pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(
                                owner -> owner.getUid().equals(job.getMetadata().getUid())))
                .count();
    }
}
