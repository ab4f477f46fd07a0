package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a stage publishes. An earlier result may be replaced by one of its own kind and by no other, and none may lie inside
 * another: a vector that a model has replaced is lost, and one beside a published model is given away with it.
 */
enum Destination {
    MODEL("published model", PublishStage.REPORT),
    VECTOR("security vector", VectorCard.FILE),
    REFUSAL("report of a refused model", RefusalReport.REPORT),
    MADE_BY_HAND("model or adapter made by hand", ByHand.TRAINING);

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
     * @param lastLook as {@link AtomicDirectory#write(Path, Consumer, Consumer)}
     * @throws TrainerException as {@link AtomicDirectory#write}, and {@link Fault#OUTPUT_NOT_WRITABLE} where another kind's
     *     result would be lost or given away
     */
    void write(Path target, Consumer<Path> writer, Consumer<String> lastLook) {
        keepOthers(target);
        AtomicDirectory.write(target, writer, lastLook);
    }

    /**
     * Publishes what was judged and nothing else.
     *
     * @param judged digest of the model's or the adapter's files
     * @param signer as in {@link AtomicDirectory#writeSigned}
     * @throws TrainerException as {@link #write}, and {@link Fault#PUBLISH_CHECK_FAILED} where the bytes that were written are
     *     not those that were judged; if that shows after they became visible, they stay, and nobody vouches for them
     */
    void writeJudged(Path target, Digest judged, Consumer<Path> writer, Function<String, Map<String, String>> signer) {
        keepOthers(target);
        AtomicDirectory.writeSigned(target, writer, manifest -> {
            requireJudged(target, judged, ModelDirectory.digestOf(manifest));
            return signer.apply(manifest);
        });
        requireJudged(target, judged, ModelDirectory.digest(target));
    }

    /** The same of something that nobody signs. */
    void writeJudged(Path target, Digest judged, Consumer<Path> writer) {
        writeJudged(target, judged, writer, manifest -> Map.of());
    }

    private static void requireJudged(Path target, Digest judged, Digest written) {
        if (!written.equals(judged)) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED,
                    "what was written for %s has digest %s, what was judged has %s"
                            .formatted(target.getFileName(), written, judged));
        }
    }

    private void keepOthers(Path target) {
        Path directory = target.toAbsolutePath().normalize();
        Destination there = in(directory);
        if (AtomicDirectory.isWhole(directory) && there != this) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE,
                    there == null
                            ? "output %s has a %s of its own and is no %s; name another place"
                                    .formatted(target, AtomicDirectory.MANIFEST, what)
                            : "output %s holds a %s, which a %s must not replace; name another place"
                                    .formatted(target, there.what, what));
        }
        for (Path around = directory.getParent(); around != null; around = around.getParent()) {
            Destination outer = in(around);
            if (outer != null) {
                throw new TrainerException(
                        Fault.OUTPUT_NOT_WRITABLE,
                        "output %s lies inside the directory '%s', which holds a %s; name a place beside that"
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
