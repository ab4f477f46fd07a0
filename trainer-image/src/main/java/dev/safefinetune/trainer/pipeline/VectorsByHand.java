package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Vectors that a person names for one run. */
public final class VectorsByHand {
    private VectorsByHand() {}

    /**
     * Vectors that may be attached together.
     *
     * @param base directory of the model that they are to be attached to
     * @param wanted the digest that {@link ByHand#store} gave for each, in their order; empty where their own manifests are
     *     trusted
     * @throws TrainerException {@link Fault#VECTOR_MISMATCH} for one that may not be used; {@link Fault#SETTINGS_INVALID} for
     *     too many, for one that is given twice, and for another number of digests
     */
    public static ByHand.Vector of(List<Path> directories, Path base, List<Digest> wanted) {
        requireNumber(directories);
        if (!wanted.isEmpty() && wanted.size() != directories.size()) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "there are " + wanted.size() + " --vector-digest and " + directories.size()
                            + " --vector; give one digest for each vector, in the same order, or none");
        }
        List<ByHand.Vector> vectors = new ArrayList<>();
        Map<Digest, Path> known = new HashMap<>();
        for (int k = 0; k < directories.size(); k++) {
            Path directory = directories.get(k);
            vectors.add(ByHand.vector(directory, base, wanted.isEmpty() ? null : wanted.get(k)));
            requireNew(directory, known.put(ModelDirectory.digest(directory), directory));
        }
        return new ByHand.Vector(
                VectorFiles.together(vectors.stream().map(ByHand.Vector::files).toList()),
                vectors.stream().flatMap(v -> v.replays().stream()).toList());
    }

    /**
     * Whether one of them, which may be used on a base, has proved a suite.
     *
     * @param prompts the suite's requests
     */
    public static boolean proved(List<Path> directories, Path base, Dataset prompts) {
        requireNumber(directories);
        // All are asked: one that may not be used is refused, whatever the others say.
        return directories.stream()
                        .filter(directory -> ByHand.proved(directory, base, prompts))
                        .count()
                > 0;
    }

    private static void requireNumber(List<Path> directories) {
        if (directories.size() > VectorInput.MOST) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "there are " + directories.size() + " --vector; a run has at most " + VectorInput.MOST);
        }
    }

    private static void requireNew(Path directory, @Nullable Path same) {
        if (same != null) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--vector " + directory + " has the same adapter as --vector " + same
                            + "; each vector of a run must be another one");
        }
    }
}
