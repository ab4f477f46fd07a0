package dev.safefinetune.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * An image's file system as an archive that {@code docker load} and {@code kind load image-archive} take.
 *
 * @param time of every file, and the image's own
 */
record ImageArchive(ImagePlan plan, RootTree tree, Instant time) {
    /** A volume that is mounted there takes over the mode; a sticky bit is not to be had, nor a second user. */
    private static final FilePermissions TEMPORARY = FilePermissions.fromOctalString("777");

    /** What was written. */
    record Written(Path file, String digest, String imageId) {}

    Written write(Path file) throws IOException, InterruptedException {
        JibContainerBuilder builder = Jib.fromScratch()
                .setFormat(ImageFormat.Docker)
                .setCreationTime(time)
                .setUser(plan.user() + ":" + plan.user())
                .setWorkingDirectory(AbsoluteUnixPath.get("/"))
                .setEntrypoint(plan.entrypoint())
                // In an order of their own: that of a map may be another one in each process.
                .setEnvironment(new TreeMap<>(plan.environment()))
                .setLabels(new TreeMap<>(plan.labels()));
        for (int port : plan.ports()) {
            builder.addExposedPort(Port.tcp(port));
        }
        List<FileEntriesLayer.Builder> layers = new ArrayList<>();
        for (ImagePlan.Layer layer : plan.layers()) {
            layers.add(FileEntriesLayer.builder().setName(layer.name()));
        }
        try (Stream<Path> files = Files.walk(tree.root())) {
            for (Path path : files.sorted().toList()) {
                String place = tree.root().relativize(path).toString();
                if (!place.isEmpty()) {
                    add(path, place, layers.get(plan.layerOf(place)));
                }
            }
        }
        layers.forEach(layer -> builder.addFileEntriesLayer(layer.build()));
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        // Never a second time: it knows files by path and time, and here all bear the same time.
        Path cache = Files.createTempDirectory(file.getParent(), "layers-");
        try {
            JibContainer container =
                    builder.containerize(Containerizer.to(TarImage.at(file).named(plan.reference()))
                            .setOfflineMode(true)
                            .setToolName("safe-fine-tune images")
                            .setBaseImageLayersCache(cache)
                            .setApplicationLayersCache(cache));
            return new Written(
                    file,
                    container.getDigest().toString(),
                    container.getImageId().toString());
        } catch (RegistryException
                | CacheDirectoryCreationException
                | InvalidImageReferenceException
                | ExecutionException e) {
            throw new IOException("%s was not written".formatted(file), e);
        } finally {
            RootTree.delete(cache);
        }
    }

    private void add(Path path, String place, FileEntriesLayer.Builder layer) throws IOException {
        FilePermissions permissions = place.equals("tmp")
                ? TEMPORARY
                : FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(path));
        layer.addEntry(path, AbsoluteUnixPath.get("/" + place), permissions, time);
    }
}
