package dev.safefinetune.local.runner;

import dev.safefinetune.local.LocalCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A local cluster whose one image is {@code bash}, for tests. */
final class ClusterOfScripts implements AutoCloseable {
    static final String NAMESPACE = "team-a";

    private final LocalCluster cluster;

    ClusterOfScripts(Path state) throws IOException {
        cluster =
                LocalCluster.start(state, new Images(Map.of("scripts", LocalImage.of("script", Path.of("/bin/bash")))));
        if (client().namespaces().withName(NAMESPACE).get() == null) {
            client().resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(NAMESPACE)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    KubernetesClient client() {
        return cluster.client();
    }

    LocalCluster cluster() {
        return cluster;
    }

    /** A Job of one pod that runs a script. */
    static JobBuilder job(String name, String script) {
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("main")
                .withImage("scripts:1")
                .withWorkingDir("/")
                .withCommand("script", "-c", script)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec();
    }

    /** The same with volumes; each is mounted at the path beside its name. */
    static JobBuilder withVolumes(JobBuilder job, Map<String, String> mounts, String volumes) {
        PodSpec parsed = Serialization.unmarshal(volumes, PodSpec.class);
        return job.editSpec()
                .editTemplate()
                .editSpec()
                .withVolumes(parsed.getVolumes())
                .editFirstContainer()
                .withVolumeMounts(mounts.entrySet().stream()
                        .map(m -> new VolumeMountBuilder()
                                .withName(m.getKey())
                                .withMountPath(m.getValue())
                                .build())
                        .toList())
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec();
    }

    Job run(JobBuilder job) {
        return client().resource(job.build()).create();
    }

    /** Waits until the Job has ended and returns it. */
    Job awaitEnd(Job job) {
        return client().resource(job)
                .waitUntilCondition(j -> j != null && JobConditions.isFinished(j), 20, TimeUnit.SECONDS);
    }

    Job await(Job job, Predicate<Job> condition) {
        return client().resource(job).waitUntilCondition(condition, 20, TimeUnit.SECONDS);
    }

    Pod awaitRunning(Job job) {
        return client().pods()
                .inNamespace(NAMESPACE)
                .withLabel("job-name", job.getMetadata().getName())
                .waitUntilCondition(
                        p -> p != null && "Running".equals(p.getStatus().getPhase()), 20, TimeUnit.SECONDS);
    }

    List<Pod> pods(Job job) {
        return client().pods()
                .inNamespace(NAMESPACE)
                .withLabel("job-name", job.getMetadata().getName())
                .list()
                .getItems();
    }

    Pod onlyPod(Job job) {
        List<Pod> pods = pods(job);
        if (pods.size() != 1) {
            throw new AssertionError("one pod expected, found " + pods.size());
        }
        return pods.getFirst();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
