package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which changes of a Job make its work another one. */
class JobDigestTest {
    private static final Job PLANNED = Objects.requireNonNull(Serialization.unmarshal("""
            metadata: {name: bot-1-train}
            spec:
              template:
                metadata: {annotations: {safefinetune.dev/job-spec: '{"version":1}'}}
                spec:
                  serviceAccountName: safefinetune-train
                  containers:
                  - name: trainer
                    image: trainer:1
                    command: [trainer]
                    args: [run, job/job.json]
                    volumeMounts:
                    - {name: scratch, mountPath: /scratch, readOnly: false}
                    - {name: models, mountPath: /volumes/models, readOnly: true}
                  volumes:
                  - {name: scratch, persistentVolumeClaim: {claimName: bot-1-scratch}}
                  - {name: models, persistentVolumeClaim: {claimName: models}}
                  - {name: secret, secret: {secretName: harmful, defaultMode: 288}}
                  - {name: job, downwardAPI: {items: [{path: job.json, fieldRef: {fieldPath: "metadata.annotations['safefinetune.dev/job-spec']"}}]}}
                  - {name: progress, projected: {sources: [{serviceAccountToken: {audience: mine, path: token}}]}}
                  - {name: tmp, emptyDir: {}}
            """, Job.class));

    private static Job with(String before, String after) {
        String json = Serialization.asJson(PLANNED);
        assertThat(json).contains(before);
        return Objects.requireNonNull(Serialization.unmarshal(json.replace(before, after), Job.class));
    }

    private static Job trainer(UnaryOperator<Container> change) {
        return new JobBuilder(PLANNED)
                .editSpec()
                .editTemplate()
                .editSpec()
                .withContainers(change.apply(PLANNED.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()))
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static Job pod(String field) {
        return with("\"serviceAccountName\"", field + ",\"serviceAccountName\"");
    }

    static Stream<Arguments> otherWork() {
        return Stream.of(
                Arguments.of("job spec", with("{\\\"version\\\":1}", "{\\\"version\\\":2}")),
                Arguments.of("image", with("trainer:1", "trainer:2")),
                Arguments.of("command", with("\"command\":[\"trainer\"]", "\"command\":[\"sh\"]")),
                Arguments.of("arguments", with("job/job.json", "scratch/job.json")),
                Arguments.of("identity", with("safefinetune-train", "default")),
                Arguments.of("claim", with("\"claimName\":\"models\"", "\"claimName\":\"mine\"")),
                Arguments.of("a writable input", with("\"readOnly\":true", "\"readOnly\":false")),
                Arguments.of("mount", with("/volumes/models", "/volumes/other")),
                Arguments.of("secret", with("\"harmful\"", "\"other\"")),
                Arguments.of("audience", with("\"mine\"", "\"yours\"")),
                Arguments.of(
                        "what the job file shows",
                        with("metadata.annotations['safefinetune.dev/job-spec']", "metadata.name")),
                Arguments.of("a volume from the node", with("\"emptyDir\":{}", "\"hostPath\":{\"path\":\"/\"}")),
                Arguments.of("the node's network", pod("\"hostNetwork\":true")),
                Arguments.of("the node's processes", pod("\"hostPID\":true")),
                Arguments.of("shared processes", pod("\"shareProcessNamespace\":true")),
                Arguments.of(
                        "a container before it", pod("\"initContainers\":[{\"name\":\"first\",\"image\":\"mine\"}]")),
                Arguments.of(
                        "a container beside it",
                        with("\"containers\":[", "\"containers\":[{\"name\":\"beside\",\"image\":\"mine\"},")),
                Arguments.of(
                        "environment",
                        trainer(c -> new ContainerBuilder(c)
                                .addNewEnv()
                                .withName("JAVA_TOOL_OPTIONS")
                                .withValue("-javaagent:x")
                                .endEnv()
                                .build())),
                Arguments.of(
                        "a hook",
                        trainer(c -> new ContainerBuilder(c)
                                .withNewLifecycle()
                                .withNewPostStart()
                                .withNewExec()
                                .withCommand("sh")
                                .endExec()
                                .endPostStart()
                                .endLifecycle()
                                .build())),
                Arguments.of(
                        "a probe",
                        trainer(c -> new ContainerBuilder(c)
                                .withNewLivenessProbe()
                                .withNewExec()
                                .withCommand("sh")
                                .endExec()
                                .endLivenessProbe()
                                .build())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherWork")
    void isOtherWork(String what, Job job) {
        assertThat(JobDigest.of(job)).isNotEqualTo(JobDigest.of(PLANNED));
    }

    static Stream<Arguments> theSameWork() {
        return Stream.of(
                Arguments.of(
                        "resources",
                        trainer(c -> new ContainerBuilder(c)
                                .withNewResources()
                                .withLimits(Map.of("memory", new Quantity("8Gi")))
                                .endResources()
                                .build())),
                Arguments.of("placement", pod("\"nodeSelector\":{\"zone\":\"a\"}")),
                Arguments.of("a priority", pod("\"priorityClassName\":\"low\",\"priority\":1")),
                Arguments.of("another name", with("bot-1-train", "bot-1-other")),
                Arguments.of(
                        "what an API server fills in of the pod",
                        pod(
                                "\"dnsPolicy\":\"ClusterFirst\",\"restartPolicy\":\"Never\",\"schedulerName\":\"default-scheduler\"")),
                Arguments.of(
                        "what an API server fills in of a container",
                        trainer(c -> new ContainerBuilder(c)
                                .withImagePullPolicy("IfNotPresent")
                                .withTerminationMessagePath("/dev/termination-log")
                                .build())),
                Arguments.of("what it fills in of a mount", with(",\"readOnly\":false", "")),
                Arguments.of(
                        "what it fills in of a field", with("\"fieldPath\"", "\"apiVersion\":\"v1\",\"fieldPath\"")),
                Arguments.of("a mode", with(",\"secretName\"", ",\"optional\":false,\"secretName\"")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("theSameWork")
    void isTheSameWork(String what, Job job) {
        assertThat(JobDigest.of(job)).isEqualTo(JobDigest.of(PLANNED));
    }
}
