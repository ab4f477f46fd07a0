package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Binds claims to directories: one that the claim names, or a new one that goes with the claim.
 *
 * <p>A claim names a directory of its own by the annotation {@value #PATH}; such a directory is never deleted.
 */
public final class ClaimController implements AutoCloseable {
    /** Annotation of a PersistentVolumeClaim: the directory that it stands for. */
    public static final String PATH = "local.safefinetune.dev/path";

    private final KubernetesClient client;
    private final Path volumes;
    private final WorkQueue queue = new WorkQueue("claims", this::reconcile);
    private final SharedIndexInformer<PersistentVolumeClaim> claims;

    ClaimController(KubernetesClient client, Path volumes) {
        this.client = client;
        this.volumes = volumes;
        claims = client.persistentVolumeClaims().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(PersistentVolumeClaim claim) {
                queue.add(item(claim));
            }

            @Override
            public void onUpdate(PersistentVolumeClaim old, PersistentVolumeClaim claim) {
                queue.add(item(claim));
            }

            @Override
            public void onDelete(PersistentVolumeClaim claim, boolean stateUnknown) {
                reclaim(claim);
            }
        });
    }

    private static WorkQueue.Item item(PersistentVolumeClaim claim) {
        return new WorkQueue.Item(
                claim.getMetadata().getNamespace(), claim.getMetadata().getName());
    }

    private void reconcile(WorkQueue.Item item) {
        var resource =
                client.persistentVolumeClaims().inNamespace(item.namespace()).withName(item.name());
        PersistentVolumeClaim claim = resource.get();
        if (claim == null || "Bound".equals(claim.getStatus().getPhase())) {
            return;
        }
        PersistentVolume volume = volume(claim);
        if (client.resource(volume).get() == null) {
            client.resource(volume).create();
        }
        String name = volume.getMetadata().getName();
        PersistentVolumeClaim bound = resource.edit(c -> new PersistentVolumeClaimBuilder(c)
                .editSpec()
                .withVolumeName(name)
                .endSpec()
                .build());
        client.resource(new PersistentVolumeClaimBuilder(bound)
                        .editStatus()
                        .withPhase("Bound")
                        .withAccessModes(claim.getSpec().getAccessModes())
                        .withCapacity(claim.getSpec().getResources().getRequests())
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private PersistentVolume volume(PersistentVolumeClaim claim) {
        var annotations = claim.getMetadata().getAnnotations();
        String own = annotations == null ? null : annotations.get(PATH);
        Path directory = own == null
                ? volumes.resolve(claim.getMetadata().getUid())
                : Path.of(own).toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName("pvc-" + claim.getMetadata().getUid())
                .endMetadata()
                .withNewSpec()
                .withAccessModes(claim.getSpec().getAccessModes())
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withPersistentVolumeReclaimPolicy(own == null ? "Delete" : "Retain")
                .withNewHostPath()
                .withPath(directory.toString())
                .endHostPath()
                .withNewClaimRef()
                .withNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .withUid(claim.getMetadata().getUid())
                .endClaimRef()
                .endSpec()
                .build();
    }

    private void reclaim(PersistentVolumeClaim claim) {
        String name = "pvc-" + claim.getMetadata().getUid();
        PersistentVolume volume = client.persistentVolumes().withName(name).get();
        if (volume == null) {
            return;
        }
        client.persistentVolumes().withName(name).delete();
        if (volume.getSpec().getPersistentVolumeReclaimPolicy().equals("Delete")) {
            Directories.delete(Path.of(volume.getSpec().getHostPath().getPath()));
        }
    }

    @Override
    public void close() {
        claims.close();
        queue.close();
    }
}
