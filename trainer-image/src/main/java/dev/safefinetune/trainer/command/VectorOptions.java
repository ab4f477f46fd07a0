package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.VectorsByHand;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The vectors of a fine-tune. */
final class VectorOptions {
    @Option(
            names = "--vector",
            paramLabel = "DIR",
            description =
                    "a security vector made for this base model, as train-vector wrote it; one that has not passed its"
                            + " assessment, or was changed, is refused; given again, for up to four that are attached together")
    private List<Path> vectors = List.of();

    @Option(
            names = "--vector-digest",
            paramLabel = "sha256:…",
            description =
                    "what train-vector printed for it: any other vector, or one with another card, is refused; one for each"
                            + " --vector, in their order")
    private List<String> digests = List.of();

    @Option(
            names = "--control-vector",
            paramLabel = "DIR",
            description =
                    "the control of an experiment: a vector of random-vector, which was never assessed and protects"
                            + " from nothing")
    private @Nullable Path control;

    /** Whether there is one that protects. */
    boolean protects() {
        return !vectors.isEmpty();
    }

    /** Checked and read; absent where none is given. */
    ByHand.@Nullable Vector taken(Path model) {
        if (protects() && control != null) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID, "--vector and --control-vector cannot be given together");
        }
        if (!digests.isEmpty() && !protects()) {
            throw new TrainerException(Fault.SETTINGS_INVALID, "--vector-digest needs --vector");
        }
        List<Digest> wanted =
                Settings.checked(() -> digests.stream().map(Digest::new).toList());
        return control != null
                ? ByHand.controlVector(control)
                : protects() ? VectorsByHand.of(vectors, model, wanted) : null;
    }

    /** What is read, by what it is for. */
    Map<String, Path> files() {
        Map<String, Path> files = new TreeMap<>();
        for (int k = 0; k < vectors.size(); k++) {
            files.put(Inputs.numbered("vector", k + 1), vectors.get(k));
        }
        if (control != null) {
            files.put("controlVector", control);
        }
        return files;
    }
}
