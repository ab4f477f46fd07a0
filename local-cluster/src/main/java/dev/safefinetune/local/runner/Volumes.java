package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the volumes of a pod. */
final class Volumes {
    private static final long HOUR = 3600;

    private final KubernetesClient client;

    Volumes(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The directory of each volume by its name.
     *
     * @throws MountException when something that a volume needs is not there yet
     */
    Map<String, Path> make(Pod pod, PodDirectory directory) throws MountException, IOException {
        Map<String, Path> made = new HashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            Path own = directory.volume(volume.getName());
            made.put(volume.getName(), make(pod, volume, own));
        }
        return made;
    }

    private Path make(Pod pod, Volume volume, Path own) throws MountException, IOException {
        if (volume.getPersistentVolumeClaim() != null) {
            return claimed(pod, volume.getPersistentVolumeClaim().getClaimName());
        }
        Files.createDirectories(own);
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            write(own, configMap(pod, source.getName(), source.getOptional(), source.getItems()));
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            write(own, secret(pod, source.getSecretName(), source.getOptional(), source.getItems()));
        } else if (volume.getProjected() != null) {
            for (VolumeProjection source : volume.getProjected().getSources()) {
                write(own, projected(pod, source));
            }
        } else if (volume.getDownwardAPI() != null) {
            for (DownwardAPIVolumeFile item : volume.getDownwardAPI().getItems()) {
                write(own, Map.of(item.getPath(), field(pod, item).getBytes(StandardCharsets.UTF_8)));
            }
        } else if (volume.getEmptyDir() == null) {
            throw new MountException("volume " + volume.getName()
                    + " is of a kind that a local cluster does not have; it has persistentVolumeClaim, configMap, secret,"
                    + " downwardAPI, projected and emptyDir");
        }
        return own;
    }

    private Path claimed(Pod pod, String name) throws MountException {
        PersistentVolumeClaim claim = client.persistentVolumeClaims()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (claim == null) {
            throw new MountException("persistentvolumeclaim \"" + name + "\" not found");
        }
        PersistentVolume volume = claim.getSpec().getVolumeName() == null
                ? null
                : client.persistentVolumes()
                        .withName(claim.getSpec().getVolumeName())
                        .get();
        if (volume == null || !"Bound".equals(claim.getStatus().getPhase())) {
            throw new MountException("persistentvolumeclaim \"" + name + "\" is not bound yet");
        }
        return Path.of(volume.getSpec().getHostPath().getPath());
    }

    private Map<String, byte[]> projected(Pod pod, VolumeProjection source) throws MountException {
        if (source.getServiceAccountToken() != null) {
            ServiceAccountTokenProjection token = source.getServiceAccountToken();
            return Map.of(token.getPath(), token(pod, token).getBytes(StandardCharsets.UTF_8));
        }
        if (source.getConfigMap() != null) {
            var map = source.getConfigMap();
            return configMap(pod, map.getName(), map.getOptional(), map.getItems());
        }
        if (source.getSecret() != null) {
            var secret = source.getSecret();
            return secret(pod, secret.getName(), secret.getOptional(), secret.getItems());
        }
        throw new MountException("a projected volume holds a source that a local cluster does not have; it has"
                + " serviceAccountToken, configMap and secret");
    }

    private static String field(Pod pod, DownwardAPIVolumeFile item) throws MountException {
        if (item.getFieldRef() == null) {
            throw new MountException(
                    "a local cluster gives fields of a pod as files, and no resources: " + item.getPath());
        }
        return Environment.field(pod, item.getFieldRef().getFieldPath());
    }

    private String token(Pod pod, ServiceAccountTokenProjection wish) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(wish.getAudience() == null ? List.of() : List.of(wish.getAudience()))
                .withExpirationSeconds(wish.getExpirationSeconds() == null ? HOUR : wish.getExpirationSeconds())
                .withNewBoundObjectRef()
                .withKind("Pod")
                .withApiVersion("v1")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    private Map<String, byte[]> configMap(
            Pod pod, String name, @Nullable Boolean optional, @Nullable List<KeyToPath> items) throws MountException {
        ConfigMap map = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (isThere(map, "configmap", name, optional)) {
            orEmpty(map.getData()).forEach((k, v) -> files.put(k, v.getBytes(StandardCharsets.UTF_8)));
            orEmpty(map.getBinaryData()).forEach((k, v) -> files.put(k, decode(v)));
        }
        return chosen(files, items);
    }

    private Map<String, byte[]> secret(
            Pod pod, String name, @Nullable Boolean optional, @Nullable List<KeyToPath> items) throws MountException {
        Secret secret = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (isThere(secret, "secret", name, optional)) {
            orEmpty(secret.getData()).forEach((k, v) -> files.put(k, decode(v)));
        }
        return chosen(files, items);
    }

    private static boolean isThere(@Nullable HasMetadata object, String kind, String name, @Nullable Boolean optional)
            throws MountException {
        if (object == null && !Boolean.TRUE.equals(optional)) {
            throw new MountException(kind + " \"" + name + "\" not found");
        }
        return object != null;
    }

    private static Map<String, byte[]> chosen(Map<String, byte[]> files, @Nullable List<KeyToPath> items)
            throws MountException {
        if (items == null || items.isEmpty()) {
            return files;
        }
        Map<String, byte[]> chosen = new LinkedHashMap<>();
        for (KeyToPath item : items) {
            byte[] content = files.get(item.getKey());
            if (content == null) {
                throw new MountException("references non-existent key: " + item.getKey());
            }
            chosen.put(item.getPath(), content);
        }
        return chosen;
    }

    private static <T> Map<String, T> orEmpty(@Nullable Map<String, T> map) {
        return map == null ? Map.of() : map;
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static void write(Path directory, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = directory.resolve(each.getKey()).normalize();
            if (!file.startsWith(directory)) {
                throw new IOException(each.getKey() + " leads out of its volume");
            }
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            // Tokens and secrets are nobody else's; made so before anything is in them.
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, each.getValue());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
