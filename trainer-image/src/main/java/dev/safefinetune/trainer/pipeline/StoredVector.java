package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A vector's directory with its card, as it was written: the manifest binds the card and whatever lies beside it to the
 * adapter's tensors, and the card binds the figures to adapter and base.
 *
 * @param directory where it lies
 * @param card what is known of it
 * @param readiness how it was judged
 */
record StoredVector(Path directory, VectorCard card, Readiness readiness) {

    /**
     * Opens a vector that may be used.
     *
     * @param model digest of the model that it is to be attached to
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} saying what is missing, changed, of another base, or not good
     *     enough
     */
    static StoredVector open(Path directory, Digest model) {
        requireAdapter(directory);
        VectorCard card = card(directory);
        requireAsWritten(directory, card);
        if (!card.base().equals(model)) {
            throw mismatch(
                    directory, "was trained for the base model " + card.base() + ", the model at hand is " + model);
        }
        Readiness readiness = card.readiness();
        if (readiness == null) {
            throw mismatch(directory, "was never assessed; train it with train-vector, which assesses it");
        }
        if (readiness.verdict() != Verdict.PASSED) {
            throw mismatch(directory, "is not ready: " + String.join("; ", readiness.findings()));
        }
        requireEnough(directory, readiness);
        return new StoredVector(directory, card, readiness);
    }

    /** Refuses a directory without an adapter. */
    static void requireAdapter(Path directory) {
        if (!Files.isRegularFile(directory.resolve(ModelDirectory.ADAPTER_WEIGHTS))) {
            throw mismatch(directory, "is no vector: it has no " + ModelDirectory.ADAPTER_WEIGHTS);
        }
    }

    private static VectorCard card(Path directory) {
        Path file = directory.resolve(VectorCard.FILE);
        if (!Files.isRegularFile(file)) {
            throw mismatch(
                    directory,
                    "has no " + VectorCard.FILE + ", so nothing says that it was assessed; train it with train-vector");
        }
        try {
            return VectorCard.read(file);
        } catch (IllegalArgumentException e) {
            throw mismatch(directory, "has a " + VectorCard.FILE + " that cannot be read: " + e.getMessage());
        }
    }

    /**
     * The digest that covers everything of a vector: adapter, card, and the base's own answers. Who keeps it elsewhere can
     * tell a vector from one whose manifest was written anew.
     */
    static Digest whole(Path directory) {
        return Digests.ofFile(directory.resolve(AtomicDirectory.MANIFEST));
    }

    /**
     * Refuses a vector that is not the one that was asked for.
     *
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} naming both digests
     */
    static void requireWhole(Path directory, Digest wanted) {
        requireFiles(directory);
        Digest found = whole(directory);
        if (!found.equals(wanted)) {
            throw mismatch(directory, "has digest " + found + " with all that lies beside it, asked for is " + wanted);
        }
    }

    /** Refuses a directory of which a file was changed, added or taken away. */
    static void requireFiles(Path directory) {
        try {
            AtomicDirectory.verify(directory);
        } catch (TrainerException e) {
            throw mismatch(
                    directory,
                    "was changed after it was written: a file is not what " + AtomicDirectory.MANIFEST
                            + " states, or was added or taken away; train it again");
        }
    }

    private static void requireAsWritten(Path directory, VectorCard card) {
        requireFiles(directory);
        if (!card.vector().equals(ModelDirectory.digest(directory))) {
            throw mismatch(directory, "is not the one that its card states");
        }
    }

    /** A vector of an earlier release may have been assessed on fewer samples than count today. */
    private static void requireEnough(Path directory, Readiness readiness) {
        int all = readiness.categories().values().stream()
                .mapToInt(Readiness.Category::n)
                .sum();
        int least = readiness.categories().values().stream()
                .mapToInt(Readiness.Category::n)
                .min()
                .orElse(0);
        if (all < ReadinessThresholds.LEAST_HELD_OUT || least < ReadinessThresholds.LEAST_OF_A_CATEGORY) {
            throw mismatch(
                    directory,
                    "was assessed on %d held-out samples, of one category on %d; at least %d are needed, %d of each category"
                            .formatted(
                                    all,
                                    least,
                                    ReadinessThresholds.LEAST_HELD_OUT,
                                    ReadinessThresholds.LEAST_OF_A_CATEGORY));
        }
    }

    private static TrainerException mismatch(Path directory, String what) {
        return new TrainerException(Fault.VECTOR_MISMATCH, "vector " + directory + " " + what);
    }
}
