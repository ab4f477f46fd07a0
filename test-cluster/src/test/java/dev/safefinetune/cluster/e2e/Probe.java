package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A pod of the tests' own, which does one thing and is gone. */
final class Probe {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String namespace;
    private final Map<String, String> labels;
    private final List<String> claims = new ArrayList<>();

    private Probe(String namespace, Map<String, String> labels) {
        this.namespace = namespace;
        this.labels = labels;
    }

    static Probe in(String namespace) {
        return new Probe(namespace, Map.of("app", "probe"));
    }

    /** A pod with these labels, as a network policy looks at them. */
    static Probe in(String namespace, Map<String, String> labels) {
        return new Probe(namespace, labels);
    }

    /** The same with a claim at {@code /<name>}. */
    Probe with(String claim) {
        claims.add(claim);
        return this;
    }

    /**
     * Runs the probe to its end.
     *
     * @throws AssertionError where it fails
     */
    String run(String... arguments) {
        Outcome outcome = attempt(arguments);
        if (!outcome.succeeded()) {
            throw new AssertionError("probe " + String.join(" ", arguments) + " failed: " + outcome.log());
        }
        return outcome.log();
    }

    /**
     * How a probe ended.
     *
     * @param succeeded whether it exited with 0
     * @param log what it printed
     */
    record Outcome(boolean succeeded, String log) {}

    Outcome attempt(String... arguments) {
        Pod made = Cluster.client().resource(pod(arguments)).create();
        var resource = Cluster.client().resource(made);
        try {
            Until.holds(
                    "the end of probe " + String.join(" ", arguments),
                    PATIENCE,
                    () -> phase(made).matches("Succeeded|Failed"),
                    () -> Cluster.client().resource(made).get().getStatus().toString());
            String log = Cluster.client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(made.getMetadata().getName())
                    .getLog();
            return new Outcome(phase(made).equals("Succeeded"), log);
        } finally {
            resource.withGracePeriod(0).delete();
        }
    }

    private String phase(Pod made) {
        return Cluster.client().resource(made).get().getStatus().getPhase();
    }

    private Pod pod(String... arguments) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withName("probe-" + COUNT.incrementAndGet())
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("probe")
                .withImage(Cluster.probeImage())
                .withImagePullPolicy("IfNotPresent")
                .withArgs(arguments)
                .endContainer()
                .endSpec();
        for (String claim : claims) {
            pod.editSpec()
                    .addNewVolume()
                    .withName(claim)
                    .withNewPersistentVolumeClaim(claim, false)
                    .endVolume()
                    .editFirstContainer()
                    .addNewVolumeMount()
                    .withName(claim)
                    .withMountPath("/" + claim)
                    .endVolumeMount()
                    .endContainer()
                    .endSpec();
        }
        return pod.build();
    }
}
