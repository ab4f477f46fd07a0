package dev.safefinetune.operator.plan;

import dev.safefinetune.checks.PvcUri;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageTask;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The pod of a stage: no rights in the cluster, nothing writable but its volumes, nothing mounted that its task does not
 * name.
 */
record TrainerPod(RunIdentity run, StageTask task, PodNeeds needs, PlanSettings settings) {
    /** From SIGTERM to SIGKILL, where there is something to save; elsewhere the cluster's own 30 s. */
    static final int GRACE_SECONDS = 120;

    private static final long TRAINER_ID = 10_001L;
    private static final long TOKEN_SECONDS = 3600L;

    PodSpec spec() {
        List<Volume> volumes = new ArrayList<>();
        List<VolumeMount> mounts = new ArrayList<>();
        own(volumes, mounts);
        users(volumes, mounts);
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(task.checkpointing() == null ? null : Long.valueOf(GRACE_SECONDS))
                .withServiceAccountName(Names.serviceAccount(task.stage()))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(TRAINER_ID)
                .withRunAsGroup(TRAINER_ID)
                .withFsGroup(TRAINER_ID)
                // A large volume is not walked through at every start of a stage.
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withNodeSelector(needs.nodeSelector().isEmpty() ? null : needs.nodeSelector())
                .withTolerations(needs.tolerations())
                .withPriorityClassName(needs.priorityClassName())
                .withContainers(container(mounts))
                .withVolumes(volumes)
                .build();
    }

    private Container container(List<VolumeMount> mounts) {
        TrainerImage image = settings.imageOf(needs.gpus().computes(task.stage()));
        return new ContainerBuilder()
                .withName(FailurePolicy.CONTAINER)
                .withImage(image.name())
                .withImagePullPolicy(image.pullPolicy())
                .withWorkingDir("/")
                .withCommand("trainer")
                .withArgs("run", Layout.JOB_DIRECTORY + "/" + Layout.JOB_FILE, "--result", Layout.TERMINATION_LOG)
                .withTerminationMessagePath("/" + Layout.TERMINATION_LOG)
                // Never the log's tail instead: a log line is no result.
                .withTerminationMessagePolicy("File")
                .withResources(new StageResources(task.stage(), needs, settings).requirements())
                .withVolumeMounts(mounts)
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .build();
    }

    /** Volumes that every stage has. */
    private void own(List<Volume> volumes, List<VolumeMount> mounts) {
        volumes.add(claim("scratch", Names.scratch(run), false));
        mounts.add(mount("scratch", Layout.SCRATCH, false));
        volumes.add(new VolumeBuilder()
                .withName("job")
                .withNewDownwardAPI()
                .addNewItem()
                .withPath(Layout.JOB_FILE)
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + Names.JOB_SPEC_ANNOTATION + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .build());
        mounts.add(mount("job", Layout.JOB_DIRECTORY, true));
        volumes.add(new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        mounts.add(mount("tmp", Layout.TEMPORARY, false));
        if (settings.progressUrl() != null) {
            volumes.add(token());
            mounts.add(mount("progress", Layout.TOKEN_DIRECTORY, true));
        }
    }

    /** Volumes that the task names. */
    private void users(List<Volume> volumes, List<VolumeMount> mounts) {
        Mounts named = Mounts.of(task);
        named.claims().forEach((claim, writable) -> {
            String volume = "claim-" + volumes.size();
            volumes.add(claim(volume, claim, !writable));
            mounts.add(mount(volume, Layout.VOLUMES + "/" + claim, !writable));
        });
        if (task instanceof StageTask.Evaluate evaluate && evaluate.refusal() != null) {
            PvcUri place = PvcUri.parse(evaluate.refusal().uri());
            volumes.add(claim("refusal", place.claim(), false));
            mounts.add(new VolumeMountBuilder(mount("refusal", Layout.REFUSAL, false))
                    .withSubPath(place.path().substring(0, place.path().lastIndexOf('/')))
                    .build());
        }
        for (String claim : named.vectors()) {
            String volume = "vector-" + volumes.size();
            volumes.add(claim(volume, claim, true));
            mounts.add(mount(volume, Layout.VECTORS + "/" + claim, true));
        }
        for (String secret : named.secrets()) {
            String volume = "secret-" + volumes.size();
            volumes.add(new VolumeBuilder()
                    .withName(volume)
                    .withNewSecret()
                    .withSecretName(secret)
                    .withDefaultMode(0440)
                    // A Secret that is not there is then a missing file, which the trainer names, and not a pod that
                    // waits for ever.
                    .withOptional(true)
                    .endSecret()
                    .build());
            mounts.add(mount(volume, Layout.SECRETS + "/" + secret, true));
        }
    }

    private Volume token() {
        return new VolumeBuilder()
                .withName("progress")
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken()
                .withAudience(Names.audience(run.uid()))
                .withExpirationSeconds(TOKEN_SECONDS)
                .withPath(Layout.TOKEN_FILE)
                .endServiceAccountToken()
                .endSource()
                .endProjected()
                .build();
    }

    /** Read-only at the volume and not at the mount alone: the kubelet then leaves group and mode of its files as they are. */
    private static Volume claim(String volume, String claim, boolean readOnly) {
        return new VolumeBuilder()
                .withName(volume)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .withReadOnly(readOnly ? Boolean.TRUE : null)
                .endPersistentVolumeClaim()
                .build();
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath("/" + path)
                .withReadOnly(readOnly)
                .build();
    }
}
