package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fine-tune whose training lasts long enough to be met in the middle of it, also on a fast machine: by small
 * micro-batches, which take their time and leave the result alone. Many more epochs do not: after 96 the gate refuses the model.
 */
final class LongRun {
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final Pattern RESUMED = Pattern.compile("training resumed .*\\bstep=((\\d+)/\\d+)");

    private LongRun() {}

    static Wish fineTune(String name) {
        return Wish.fineTune(name)
                .with("spec.method.hyperparameters.epochs", 32)
                .with("spec.method.hyperparameters.microBatchTokens", 32)
                .with("spec.checkpoint.every", "5s");
    }

    /** Waits until the training has reported how far it is and a checkpoint to go on from, and gives its pod. */
    static Pod training(Run run) {
        run.await(
                "a checkpoint of Train",
                PATIENCE,
                seen -> seen.runningPod("Train").isPresent()
                        && seen.status().path("progress").hasNonNull("lastCheckpointTime")
                        && seen.status().path("progress").path("percentage").asInt() > 5);
        return run.runningPod("Train").orElseThrow(() -> new AssertionError("Train ended too soon: " + run.status()));
    }

    /** The pod that ended the training began at a checkpoint of the one before, by its own log. */
    static void assertWentOnFromACheckpoint(Run run) {
        Pod last = run.pods("Train").stream()
                .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                .orElseThrow(() -> new AssertionError("no pod of Train is left"));
        String log = log(run, last);
        Matcher resumed = RESUMED.matcher(log);
        assertThat(resumed.find()).as(log).isTrue();
        assertThat(Integer.parseInt(resumed.group(2))).isPositive();
        Figures.print(run.name() + ", went on at step", resumed.group(1));
    }

    /** What a pod of the run has said so far. */
    static String log(Run run, Pod pod) {
        return Cluster.client()
                .pods()
                .inNamespace(run.namespace())
                .withName(pod.getMetadata().getName())
                .getLog();
    }
}
