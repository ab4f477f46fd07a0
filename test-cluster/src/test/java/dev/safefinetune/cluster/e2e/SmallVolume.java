package dev.safefinetune.cluster.e2e;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * A volume on one node that holds little and can be filled, kept for one claim that is yet to be made.
 *
 * @param name of the volume
 * @param node that it lies on
 */
record SmallVolume(String name, KindNode node) implements AutoCloseable {
    private static final String SIZE = "64m";
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

    static SmallVolume keptFor(String namespace, String claim, KindNode node) {
        SmallVolume volume = new SmallVolume(namespace + "-" + claim, node);
        volume.remove();
        node.exec("mkdir", "-p", volume.directory());
        node.exec("mount", "-t", "tmpfs", "-o", "mode=0777,size=" + SIZE, "tmpfs", volume.directory());
        Cluster.client().resource(volume.object(namespace, claim)).create();
        return volume;
    }

    /** Leaves no room on it. */
    void fill() {
        node.exec("sh", "-c", "! cat /dev/zero > %s/filler".formatted(directory()));
    }

    /** Gives the room back. */
    void empty() {
        node.exec("rm", directory() + "/filler");
    }

    @Override
    public void close() {
        remove();
    }

    private void remove() {
        Cluster.client().persistentVolumes().withName(name).delete();
        node.exec("sh", "-c", "umount -l %1$s 2> /dev/null || true; rm -rf %1$s".formatted(directory()));
    }

    private String directory() {
        return "/var/lib/small-volumes/" + name;
    }

    private PersistentVolume object(String namespace, String claim) {
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                // What a claim asks for is not what it gets here.
                .withCapacity(Map.of("storage", new Quantity("1Ti")))
                .withAccessModes("ReadWriteOnce", "ReadWriteMany")
                .withStorageClassName(defaultClass())
                .withPersistentVolumeReclaimPolicy("Retain")
                .withNewHostPath(directory(), "Directory")
                .withNewClaimRef()
                .withNamespace(namespace)
                .withName(claim)
                .endClaimRef()
                .endSpec()
                .build();
    }

    private static String defaultClass() {
        return Cluster.client().storage().v1().storageClasses().list().getItems().stream()
                .filter(each -> each.getMetadata().getAnnotations() != null
                        && "true".equals(each.getMetadata().getAnnotations().get(DEFAULT_CLASS)))
                .map(each -> each.getMetadata().getName())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the cluster has no default storage class"));
    }
}
