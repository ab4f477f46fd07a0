package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a mesh injects into the pods of a run: a proxy before the trainer, behind it, or as an init container that stays. */
class SidecarTest {
    private static final String PROXY_RUNS =
            "{containerStatuses: [{name: istio-proxy, ready: true, state: {running: {}}}]}";
    private static final String PROXY_ENDED =
            "{containerStatuses: [{name: istio-proxy, state: {terminated: {exitCode: 0, reason: Completed}}}]}";
    private static final String PROXY_FAILED =
            "{containerStatuses: [{name: istio-proxy, state: {terminated: {exitCode: 255, reason: Error}}}]}";

    @RegisterExtension
    private final Chain chain = new Chain();

    /** Where a mesh's proxy stands in the pod, and what it does once the trainer has ended well. */
    private enum Mesh {
        BEFORE_THE_TRAINER(PROXY_ENDED, true, "Succeeded", true),
        BEHIND_THE_TRAINER(PROXY_ENDED, false, "Succeeded", true),
        NATIVE(
                "{initContainerStatuses: [{name: istio-proxy, state: {terminated: {exitCode: 137, reason: Error}}}]}",
                false,
                "Succeeded",
                true),
        BEFORE_THE_TRAINER_WITHOUT_END(PROXY_RUNS, true, "Running", false),
        BEHIND_THE_TRAINER_WITHOUT_END(PROXY_RUNS, false, "Running", false),
        FAILING(PROXY_FAILED, true, "Failed", false);

        private final String proxy;
        private final boolean first;
        private final String phase;
        private final boolean jobEnds;

        Mesh(String proxy, boolean first, String phase, boolean jobEnds) {
            this.proxy = proxy;
            this.first = first;
            this.phase = phase;
            this.jobEnds = jobEnds;
        }

        /** The pod's status once its trainer has ended. */
        PodStatus after(int exitCode, String message) {
            PodStatusBuilder status = new PodStatusBuilder(Manifests.read(proxy, PodStatus.class)).withPhase(phase);
            return status.addToContainerStatuses(
                            first ? status.buildContainerStatuses().size() : 0,
                            new ContainerStatusBuilder()
                                    .withName("trainer")
                                    .withNewState()
                                    .withNewTerminated()
                                    .withExitCode(exitCode)
                                    .withReason(exitCode == 0 ? "Completed" : "Error")
                                    .withMessage(message)
                                    .withFinishedAt(Instant.now()
                                            .truncatedTo(ChronoUnit.SECONDS)
                                            .toString())
                                    .endTerminated()
                                    .endState()
                                    .build())
                    .build();
        }
    }

    private void trainerEnds(Mesh mesh, Job job) {
        JobSpec told = chain.world.pods().spec(job);
        chain.world.pods().shows(job, mesh.after(0, ContractJson.write(Results.good(told))));
        if (mesh.jobEnds) {
            chain.world.pods().ended(job, 0);
        }
    }

    private @Nullable Pod pod(String name) {
        return chain.world
                .client()
                .pods()
                .inNamespace(World.NAMESPACE)
                .withName(name)
                .get();
    }

    private List<Job> open() {
        return chain.world.pods().open(World.NAMESPACE);
    }

    @ParameterizedTest
    @EnumSource
    void aGoodRunSucceedsBehindAMesh(Mesh mesh) {
        chain.world.applyVector();
        chain.world.applyFineTune();
        for (int stage = 0; stage < 9; stage++) {
            chain.look();
            chain.look();
            open().forEach(job -> trainerEnds(mesh, job));
        }

        assertThat(chain.world.vector().getStatus().phase()).hasToString("READY");
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(open()).as("Jobs whose pod goes on for the proxy alone").isEmpty();
        assertThat(chain.events()).doesNotContain("Result", "Lost", "tried again");
    }

    /** Its result lies in the pod, and in the next stage's job spec once that is made. */
    @Test
    void aJobThatGoesOnForItsProxyIsOnlyDeletedOnceTheNextStageHasBegun() {
        chain.reach("train");
        trainerEnds(Mesh.BEHIND_THE_TRAINER_WITHOUT_END, chain.job("bot-1-train"));
        chain.patch("{\"suspend\":true}");
        chain.look();
        chain.look();
        assertThat(chain.jobs()).contains("bot-1-train").doesNotContain("bot-1-evaluate");

        chain.patch("{\"suspend\":false}");
        chain.look();
        chain.look();
        assertThat(chain.jobs()).contains("bot-1-prepare", "bot-1-evaluate").doesNotContain("bot-1-train");
        assertThat(chain.bot("/stages/1/state")).isEqualTo("Succeeded");

        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    /** The Job counts the failure, and tries again or not, once the pod has ended. */
    @Test
    void aPodWhoseTrainerHasFailedIsDeletedSoThatItsJobCanTryAgain() {
        chain.reach("train");
        Job train = chain.job("bot-1-train");
        JobSpec told = chain.world.pods().spec(train);
        StageResult full = StageResult.failed(told.run(), told.task().stage(), Fault.STORAGE, "no space left");
        chain.world
                .pods()
                .shows(
                        train,
                        Mesh.BEFORE_THE_TRAINER_WITHOUT_END.after(Fault.STORAGE.exitCode(), ContractJson.write(full)));
        chain.look();

        assertThat(chain.bot("/phase")).isEqualTo("Training");
        assertThat(chain.condition("Reconciling")).isEqualTo("True Storage");
        Pod failed = pod("bot-1-train-x1");
        assertThat(failed == null ? "gone" : failed.getMetadata().getDeletionTimestamp())
                .isNotNull();
        assertThat(chain.jobs()).contains("bot-1-train");
    }

    @Test
    void aPodWhoseTrainerIsAtWorkStays() {
        chain.reach("train");
        Job train = chain.job("bot-1-train");
        chain.world
                .pods()
                .shows(
                        train,
                        Manifests.read(
                                "{phase: Running, containerStatuses: [{name: istio-proxy, state: {terminated:"
                                        + " {exitCode: 255}}}, {name: trainer, state: {running: {}}}]}",
                                PodStatus.class));
        chain.look();

        assertThat(chain.condition("Reconciling")).isEqualTo("True StageRunning");
        assertThat(chain.world.pods().pod(train).getMetadata().getDeletionTimestamp())
                .isNull();
    }
}
