package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A pod's place on this machine: {@code root} is what its containers take for the root of their file system, with volumes
 * as links; beside it lie the volumes that live as long as the pod, and the logs.
 */
final class PodDirectory {
    private static final int MOST_OF_A_MESSAGE = 4096;
    private static final int MOST_OF_A_LOG = 2048;

    private final Path directory;

    PodDirectory(Path pods, String uid) {
        directory = pods.resolve(uid);
    }

    Path volume(String name) {
        return directory.resolve("volumes").resolve(name);
    }

    Path log(String container) {
        return directory.resolve(container + ".log");
    }

    Path root(Container container) {
        return directory.resolve("roots").resolve(container.getName());
    }

    Path workingDirectory(Container container) {
        String inside = container.getWorkingDir() == null ? "/" : container.getWorkingDir();
        return inside(container, inside);
    }

    /** Where an absolute path of the container lies. */
    private Path inside(Container container, String path) {
        Path root = root(container);
        Path inside = root.resolve(path.replaceFirst("^/+", "")).normalize();
        if (!inside.startsWith(root)) {
            throw new IllegalArgumentException(path + " leads out of the container");
        }
        return inside;
    }

    /** Makes a container's root with links to its volumes. */
    void furnish(Pod pod, Container container, Map<String, Path> volumes) throws IOException {
        Path root = root(container);
        Directories.delete(root);
        Files.createDirectories(workingDirectory(container));
        List<VolumeMount> mounts = container.getVolumeMounts().stream()
                .sorted(Comparator.comparing(VolumeMount::getMountPath))
                .toList();
        for (VolumeMount mount : mounts) {
            Path target = volumes.get(mount.getName());
            if (target == null) {
                throw new IOException("pod " + pod.getMetadata().getName() + " has no volume " + mount.getName());
            }
            Path link = inside(container, mount.getMountPath());
            Files.createDirectories(link.getParent());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, mount.getSubPath() == null ? target : part(target, mount.getSubPath()));
        }
        Path message = message(container);
        Files.createDirectories(message.getParent());
        Files.writeString(message, "");
    }

    private Path message(Container container) {
        return inside(container, container.getTerminationMessagePath());
    }

    /** What the container left to say, as far as a status may hold it. */
    String terminationMessage(Container container, boolean failed) throws IOException {
        Path file = message(container);
        String said = "";
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                said = new String(in.readNBytes(MOST_OF_A_MESSAGE), StandardCharsets.UTF_8);
            }
        }
        boolean fallBack = "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy());
        return said.isEmpty() && failed && fallBack ? endOfLog(container) : said;
    }

    private String endOfLog(Container container) throws IOException {
        try (RandomAccessFile log =
                new RandomAccessFile(log(container.getName()).toFile(), "r")) {
            long from = Math.max(0, log.length() - MOST_OF_A_LOG);
            byte[] end = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
        }
    }

    void make() throws IOException {
        Files.createDirectories(directory);
    }

    void delete() {
        Directories.delete(directory);
    }

    /** A part of a volume; one that is not there is made, as a kubelet does. */
    private static Path part(Path volume, String subPath) throws IOException {
        Path part = volume.resolve(subPath);
        if (!Files.exists(part)) {
            Files.createDirectories(part);
        }
        return part;
    }
}
