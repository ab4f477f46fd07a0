package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file of a user's volume. It is opened first and looked at afterwards, so what is read is what was looked at, whatever lies
 * under its name by then. Only a regular file that lies on the volume is one: who may write to a volume could otherwise have a
 * pod read what only the pod may read, or wait at a pipe for ever.
 *
 * <p>Links that stay on the volume are followed: model caches, and the volumes of Secrets, are laid out with them.
 */
public final class VolumeFile implements AutoCloseable {
    private final int descriptor;

    private VolumeFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a file.
     *
     * @param volume on which it has to lie; may be a link itself
     * @param fault of whoever named the file
     * @throws TrainerException with that fault, where it does not exist, is a directory, a pipe or a device, or lies
     *     elsewhere; {@link Fault#STORAGE} where it cannot be read
     */
    public static VolumeFile open(Path volume, Path file, Fault fault) {
        VolumeFile opened = new VolumeFile(descriptor(file, fault));
        try {
            opened.require(volume, file, fault);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw TrainerException.storage("read", file, e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static int descriptor(Path file, Fault fault) {
        int descriptor = Native.open(file);
        if (descriptor >= 0) {
            return descriptor;
        }
        throw switch (-descriptor) {
            case Native.ENOENT, Native.ENOTDIR -> new TrainerException(fault, file + " does not exist");
            case Native.ELOOP -> new TrainerException(fault, file + " is a link that leads to itself");
            default ->
                TrainerException.storage("read", file, new IOException("open(2) failed with error " + -descriptor));
        };
    }

    private void require(Path volume, Path file, Fault fault) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path(), BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new TrainerException(fault, file + " is a directory, not a file");
        }
        if (!attributes.isRegularFile()) {
            throw new TrainerException(fault, file + " is a pipe, a socket or a device, not a file");
        }
        if (!Files.readSymbolicLink(path()).startsWith(volume.toRealPath())) {
            throw new TrainerException(
                    fault, file + " is a link that leaves its volume; it has to lie on the volume of its URI");
        }
    }

    /** The open file itself, as long as it is open. */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    @Override
    public void close() {
        Native.close(descriptor);
    }
}
