package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checks that a vector is the one its resource states, made for the model at hand. */
final class Vectors {
    private Vectors() {}

    /**
     * Checks a vector.
     *
     * @param model digest of the model at hand
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} saying which of the two it is
     */
    static void check(Path directory, VectorInput vector, Digest model) {
        String uri = vector.source().uri();
        if (!vector.baseDigest().equals(model)) {
            throw mismatch("vector " + uri + " was trained for the base model " + vector.baseDigest()
                    + ", the model at hand is " + model);
        }
        if (!Files.isRegularFile(directory.resolve(ModelDirectory.ADAPTER_WEIGHTS))) {
            throw mismatch("vector " + uri + " is not there: no " + ModelDirectory.ADAPTER_WEIGHTS);
        }
        Digest found = ModelDirectory.digest(directory);
        if (!found.equals(vector.digest())) {
            throw mismatch("vector " + uri + " has digest " + found + ", its resource states " + vector.digest());
        }
        if (vector.replay() != null) {
            Replay.require(directory, uri, vector.replay());
        }
    }

    /**
     * Checks a vector while it is copied to the pod's own temporary directory, so that nobody can change it between check
     * and use.
     */
    static Path take(Path directory, VectorInput vector, Digest model, Path privateCopy) {
        check(directory, vector, model);
        Digest copied = ModelDirectory.copy(directory, privateCopy);
        if (!copied.equals(vector.digest())) {
            throw mismatch("vector " + vector.source().uri() + " changed while it was read");
        }
        if (vector.replay() != null) {
            Digests.copy(directory.resolve(Replay.FILE), privateCopy.resolve(Replay.FILE));
            Replay.require(privateCopy, vector.source().uri(), vector.replay());
        }
        return privateCopy;
    }

    private static TrainerException mismatch(String message) {
        return new TrainerException(Fault.VECTOR_MISMATCH, message);
    }
}
