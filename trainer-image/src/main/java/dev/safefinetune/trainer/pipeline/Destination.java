package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a stage publishes. An earlier result may be replaced by one of its own kind and by no other, and none may lie inside
 * another: a vector that a model has replaced is lost, and one beside a published model is given away with it.
 */
enum Destination {
    MODEL("a published model", PublishStage.REPORT),
    VECTOR("a security vector", VectorCard.FILE);

    private final String what;
    private final String file;

    Destination(String what, String file) {
        this.what = what;
        this.file = file;
    }

    /**
     * Checks that {@link #write} could publish at a place.
     *
     * @throws TrainerException {@link Fault#OUTPUT_NOT_WRITABLE} saying why not
     */
    void check(Path target) {
        keepOthers(target);
        AtomicDirectory.checkWritable(target);
    }

    /**
     * Publishes, whole or not at all.
     *
     * @param target absent, empty, or an earlier result of this kind, which is replaced
     * @param writer fills the directory that it is given
     * @throws TrainerException as {@link AtomicDirectory#write}, and {@link Fault#OUTPUT_NOT_WRITABLE} where another kind's
     *     result would be lost or given away
     */
    void write(Path target, Consumer<Path> writer) {
        keepOthers(target);
        AtomicDirectory.write(target, writer);
    }

    private void keepOthers(Path target) {
        Path directory = target.toAbsolutePath().normalize();
        Destination there = in(directory);
        if (there != null && there != this) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE,
                    "output %s holds %s, which %s must not replace; name another place"
                            .formatted(target, there.what, what));
        }
        for (Path around = directory.getParent(); around != null; around = around.getParent()) {
            Destination outer = in(around);
            if (outer != null) {
                throw new TrainerException(
                        Fault.OUTPUT_NOT_WRITABLE,
                        "output %s lies inside the directory '%s', which holds %s; name a place beside that"
                                .formatted(target, around.getFileName(), outer.what));
            }
        }
    }

    private static @Nullable Destination in(Path directory) {
        if (!AtomicDirectory.isWhole(directory)) {
            return null;
        }
        for (Destination kind : values()) {
            if (Files.isRegularFile(directory.resolve(kind.file))) {
                return kind;
            }
        }
        return null;
    }
}
