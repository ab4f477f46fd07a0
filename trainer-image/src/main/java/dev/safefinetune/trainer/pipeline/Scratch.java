package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run's own volume: where each artifact lies, and the check that it is what an earlier stage left there.
 *
 * @param root the volume
 */
record Scratch(Path root) {
    Path prepared() {
        return root.resolve("prepared");
    }

    Path model() {
        return prepared().resolve("model");
    }

    Path file(String artifact) {
        return prepared().resolve(artifact + ".jsonl");
    }

    Path sources() {
        return prepared().resolve("sources.json");
    }

    Path trained() {
        return root.resolve("trained");
    }

    Path secured() {
        return trained().resolve("secured");
    }

    Path plain() {
        return trained().resolve("plain");
    }

    Path adapter() {
        return trained().resolve("adapter");
    }

    /** Of a SecurityVector's run only. */
    Path vector() {
        return trained().resolve("vector");
    }

    Path record() {
        return trained().resolve("record.json");
    }

    /** Private to the training stage. */
    Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path report() {
        return root.resolve("evaluated").resolve("report.json");
    }

    Path assessment() {
        return root.resolve("assessed").resolve("assessment.json");
    }

    private Path artifact(String name) {
        return switch (name) {
            case Inputs.MODEL -> model();
            case Inputs.SECURED -> secured();
            case Inputs.PLAIN -> plain();
            case Inputs.VECTOR -> vector();
            case Inputs.TRAINING_RECORD -> record();
            case Inputs.REPORT -> report();
            case Inputs.ASSESSMENT -> assessment();
            case Inputs.SOURCES -> sources();
            default -> file(name);
        };
    }

    /** Digest of an artifact as it lies there now. */
    Digest digest(String name) {
        Path path = artifact(name);
        return Files.isDirectory(path) ? ModelDirectory.digest(path) : Digests.ofFile(path);
    }

    /** Digests of artifacts, for a stage's result. */
    Inputs state(Iterable<String> names) {
        Map<String, Digest> digests = new TreeMap<>();
        names.forEach(name -> digests.put(name, digest(name)));
        return Inputs.of(digests);
    }

    /**
     * Checks that an artifact is what an earlier stage left.
     *
     * @throws TrainerException {@link Fault#ARTIFACT_CHANGED} when it is not
     */
    void verify(Inputs inputs, String name) {
        Digest stated = inputs.digests().get(name);
        if (stated == null) {
            throw new TrainerException(Fault.ARTIFACT_CHANGED, "no earlier stage has stated the digest of " + name);
        }
        Path path = artifact(name);
        if (!Files.exists(path)) {
            throw new TrainerException(Fault.ARTIFACT_CHANGED, name + " is not on the scratch volume any more");
        }
        Digest found = digest(name);
        if (!found.equals(stated)) {
            throw new TrainerException(
                    Fault.ARTIFACT_CHANGED, name + " has digest " + found + ", the earlier stage left " + stated);
        }
    }
}
