package dev.safefinetune.operator.plan;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Digest;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Digest of the work that a Job does: the job spec, what its containers run as whom, and what they see of which volumes. Two
 * Jobs of one digest do the same, whoever made them.
 *
 * <p>Resources, placement and all that an API server fills in are left out: queues and quotas change the first two, and each
 * release of Kubernetes has other defaults.
 */
public final class JobDigest {
    private static final JsonMapper SORTED = JsonMapper.builder()
            .configure(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();

    private JobDigest() {}

    /** Of a Job as it is planned, or as it lies in the cluster. */
    public static Digest of(Job job) {
        ObjectNode work = SORTED.createObjectNode();
        PodTemplateSpec template = job.getSpec() == null ? null : job.getSpec().getTemplate();
        work.put("jobSpec", jobSpec(template));
        PodSpec pod = template == null || template.getSpec() == null ? new PodSpec() : template.getSpec();
        work.put("serviceAccount", pod.getServiceAccountName());
        work.put("hostNetwork", Boolean.TRUE.equals(pod.getHostNetwork()));
        work.put("hostPID", Boolean.TRUE.equals(pod.getHostPID()));
        work.put("sharesProcesses", Boolean.TRUE.equals(pod.getShareProcessNamespace()));
        containers(work.putArray("initContainers"), pod.getInitContainers());
        containers(work.putArray("containers"), pod.getContainers());
        ArrayNode volumes = work.putArray("volumes");
        pod.getVolumes().forEach(volume -> volumes.add(volume(volume)));
        return Digest.of(work.toString());
    }

    private static @Nullable String jobSpec(@Nullable PodTemplateSpec template) {
        Map<String, String> annotations = template == null || template.getMetadata() == null
                ? null
                : template.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Names.JOB_SPEC_ANNOTATION);
    }

    private static void containers(ArrayNode to, @Nullable List<Container> containers) {
        for (Container container : containers == null ? List.<Container>of() : containers) {
            ObjectNode node = to.addObject();
            node.put("name", container.getName());
            node.put("image", container.getImage());
            node.put("workingDirectory", container.getWorkingDir());
            // Whatever else can make a container run something.
            for (Object each : List.of(
                    container.getCommand(),
                    container.getArgs(),
                    container.getEnv(),
                    container.getEnvFrom(),
                    container.getVolumeDevices())) {
                node.withArray("runs").add(SORTED.valueToTree(each));
            }
            node.set("lifecycle", SORTED.valueToTree(container.getLifecycle()));
            node.set("startup", SORTED.valueToTree(container.getStartupProbe()));
            node.set("liveness", SORTED.valueToTree(container.getLivenessProbe()));
            node.set("readiness", SORTED.valueToTree(container.getReadinessProbe()));
            ArrayNode mounts = node.putArray("mounts");
            container.getVolumeMounts().forEach(mount -> mount(mounts.addObject(), mount));
        }
    }

    private static void mount(ObjectNode node, VolumeMount mount) {
        node.put("name", mount.getName());
        node.put("path", mount.getMountPath());
        node.put("subPath", mount.getSubPath());
        node.put("subPathExpr", mount.getSubPathExpr());
        node.put("readOnly", Boolean.TRUE.equals(mount.getReadOnly()));
    }

    /** Its source, without modes and the like, which an API server fills in. */
    private static ObjectNode volume(Volume volume) {
        ObjectNode node = SORTED.createObjectNode();
        node.put("name", volume.getName());
        if (volume.getPersistentVolumeClaim() != null) {
            node.put("claim", volume.getPersistentVolumeClaim().getClaimName());
        } else if (volume.getSecret() != null) {
            node.put("secret", volume.getSecret().getSecretName());
        } else if (volume.getEmptyDir() != null) {
            node.put("empty", String.valueOf(volume.getEmptyDir().getMedium()));
        } else if (volume.getDownwardAPI() != null) {
            ArrayNode items = node.putArray("downward");
            volume.getDownwardAPI()
                    .getItems()
                    .forEach(item -> items.addObject()
                            .put(
                                    "field",
                                    item.getFieldRef() == null
                                            ? null
                                            : item.getFieldRef().getFieldPath())
                            .put("path", item.getPath()));
        } else if (volume.getProjected() != null) {
            ArrayNode tokens = node.putArray("projected");
            volume.getProjected().getSources().forEach(source -> {
                var token = source.getServiceAccountToken();
                tokens.addObject()
                        .put("audience", token == null ? null : token.getAudience())
                        .put("path", token == null ? null : token.getPath());
            });
        } else {
            // The operator plans no other; one that is there is told apart by all that it says.
            node.set("other", SORTED.valueToTree(volume));
        }
        return node;
    }
}
