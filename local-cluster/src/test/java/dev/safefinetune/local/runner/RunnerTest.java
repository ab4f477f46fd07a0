package dev.safefinetune.local.runner;

import static dev.safefinetune.local.runner.ClusterOfScripts.NAMESPACE;
import static dev.safefinetune.local.runner.ClusterOfScripts.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunnerTest {
    @TempDir
    Path state;

    private ClusterOfScripts cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new ClusterOfScripts(state);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aJobThatSucceedsIsComplete() {
        Job done = cluster.awaitEnd(cluster.run(job("good", "echo hello; echo said > dev/termination-log")));
        assertThat(done.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(done.getStatus().getConditions())
                .extracting(JobCondition::getType)
                .contains("Complete");
        Pod pod = cluster.onlyPod(done);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(terminated(pod).getMessage()).isEqualTo("said\n");
        assertThat(terminated(pod).getReason()).isEqualTo("Completed");
        assertThat(cluster.client().resource(pod).inNamespace(NAMESPACE).get()).isNotNull();
        assertThat(cluster.client()
                        .pods()
                        .inNamespace(NAMESPACE)
                        .withName(pod.getMetadata().getName())
                        .getLog())
                .isEqualTo("hello\n");
        assertThat(pod.getMetadata().getOwnerReferences().getFirst().getUid())
                .isEqualTo(done.getMetadata().getUid());
    }

    @Test
    void aJobFailsWhenItsRetriesAreUsedUp() {
        Job done = cluster.awaitEnd(
                cluster.run(job("bad", "exit 11").editSpec().withBackoffLimit(1).endSpec()));
        assertThat(done.getStatus().getFailed()).isEqualTo(2);
        assertThat(done.getStatus().getConditions())
                .filteredOn(c -> c.getType().equals("Failed"))
                .extracting(JobCondition::getReason)
                .containsExactly("BackoffLimitExceeded");
        assertThat(cluster.pods(done))
                .hasSize(2)
                .allSatisfy(p -> assertThat(terminated(p).getExitCode()).isEqualTo(11));
    }

    @Test
    void moreMemoryThanTheLimitEndsTheContainer() {
        Job done = cluster.awaitEnd(cluster.run(job("hungry", "x=$(head -c 200000000 /dev/zero | tr '\\0' x); sleep 5")
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToLimits("memory", new Quantity("64Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()));
        ContainerStateTerminated end = terminated(cluster.onlyPod(done));
        assertThat(end.getReason()).isEqualTo("OOMKilled");
        assertThat(end.getExitCode()).isEqualTo(137);
    }

    @Test
    void deletingAPodAsksItsProcessesToEndFirst() throws Exception {
        Path witness = state.resolve("witness");
        Path begun = state.resolve("begun");
        Job running = cluster.run(job(
                "polite",
                "trap 'echo asked > " + witness + "; exit 0' TERM; touch " + begun
                        + "; while true; do sleep 0.1; done"));
        Pod pod = cluster.awaitRunning(running);
        awaitFile(begun);
        cluster.client().resource(running).delete();
        cluster.client().resource(pod).waitUntilCondition(p -> p == null, 20, TimeUnit.SECONDS);
        assertThat(witness).hasContent("asked");
    }

    @Test
    void aGracePeriodThatIsOverEndsTheProcess() throws Exception {
        Path pid = state.resolve("pid");
        Job running =
                cluster.run(job("stubborn", "trap '' TERM; echo $$ > " + pid + "; while true; do sleep 0.1; done"));
        Pod pod = cluster.awaitRunning(running);
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            Thread.sleep(20);
        }
        cluster.client().resource(pod).withGracePeriod(1).delete();
        cluster.client().resource(pod).waitUntilCondition(p -> p == null, 20, TimeUnit.SECONDS);
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void closingAsksTheProcessesToEndFirst() throws Exception {
        Path witness = state.resolve("witness");
        Path begun = state.resolve("begun");
        cluster.run(job(
                "polite",
                "trap 'sleep 1; echo asked > " + witness + "; exit 0' TERM; touch " + begun
                        + "; while true; do sleep 0.1; done"));
        awaitFile(begun);
        cluster.close();
        assertThat(witness).hasContent("asked");
    }

    @Test
    void closingEndsAProcessThatDoesNot() throws Exception {
        Path pid = state.resolve("pid");
        cluster.run(job("stubborn", "trap '' TERM; echo $$ > " + pid + "; while true; do sleep 0.1; done")
                .editSpec()
                .editTemplate()
                .editSpec()
                .withTerminationGracePeriodSeconds(1L)
                .endSpec()
                .endTemplate()
                .endSpec());
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            Thread.sleep(20);
        }
        cluster.close();
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void aClosedClusterWritesNothingMore() throws Exception {
        Path ticks = state.resolve("ticks");
        Job busy = cluster.run(job("busy", "while true; do echo tick >> " + ticks + "; echo tick >> dev/ticks; done"));
        Pod pod = cluster.awaitRunning(busy);
        awaitFile(ticks);
        cluster.client().resource(pod).withGracePeriod(30).delete();
        cluster.close();
        try (Stream<Path> left = Files.list(state)) {
            left.forEach(path -> {
                if (Files.isDirectory(path)) {
                    Directories.delete(path);
                } else {
                    path.toFile().delete();
                }
            });
        }
        Thread.sleep(300);
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void aDeadlineEndsTheJob() {
        Job done = cluster.awaitEnd(cluster.run(
                job("slow", "sleep 60").editSpec().withActiveDeadlineSeconds(1L).endSpec()));
        assertThat(done.getStatus().getConditions())
                .filteredOn(c -> c.getType().equals("Failed"))
                .extracting(JobCondition::getReason)
                .containsExactly("DeadlineExceeded");
    }

    @Test
    void aSuspendedJobHasNoPods() throws Exception {
        Job waiting =
                cluster.run(job("later", "true").editSpec().withSuspend(true).endSpec());
        cluster.await(
                waiting,
                j -> j.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Suspended") && c.getStatus().equals("True")));
        assertThat(cluster.pods(waiting)).isEmpty();
        cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .withName("later")
                .edit(j -> {
                    j.getSpec().setSuspend(false);
                    return j;
                });
        assertThat(cluster.awaitEnd(waiting).getStatus().getSucceeded()).isEqualTo(1);
    }

    @Test
    void aGpuIsGrantedWithAWordThatThereIsNone() {
        Job done = cluster.awaitEnd(cluster.run(job("gpu", "true")
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToLimits("nvidia.com/gpu", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()));
        assertThat(done.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(cluster.client().v1().events().inNamespace(NAMESPACE).list().getItems())
                .anySatisfy(e -> assertThat(e.getReason()).isEqualTo("GrantedWithoutDevice"));
    }

    @Test
    void anUnknownImageIsNamed() {
        Job waiting = cluster.run(job("nowhere", "true")
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("registry.example/none:2")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
        Pod pod = cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("job-name", "nowhere")
                .waitUntilCondition(
                        p -> p != null && !p.getStatus().getContainerStatuses().isEmpty(), 20, TimeUnit.SECONDS);
        assertThat(pod.getStatus()
                        .getContainerStatuses()
                        .getFirst()
                        .getState()
                        .getWaiting()
                        .getMessage())
                .contains("registry.example/none:2");
        assertThat(waiting.getStatus().getSucceeded()).isNull();
    }

    /** A pod is called running before its process has done anything. */
    private static void awaitFile(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            Thread.sleep(20);
        }
    }

    private static boolean isAlive(Path pid) throws Exception {
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .map(ProcessHandle::isAlive)
                .orElse(false);
    }

    private static ContainerStateTerminated terminated(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
    }
}
