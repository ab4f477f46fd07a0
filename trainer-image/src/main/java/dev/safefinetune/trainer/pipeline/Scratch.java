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

    /** The judge model, where there is one. */
    Path judge() {
        return prepared().resolve(Inputs.JUDGE);
    }

    Path file(String artifact) {
        return prepared().resolve(artifact + ".jsonl");
    }

    Path sources() {
        return prepared().resolve("sources.json");
    }

    Path shapes() {
        return prepared().resolve("shapes.json");
    }

    Path dropShapes() {
        return trained().resolve("shapes.json");
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

    /** What lies here was repaired, and counts only where the evaluate stage has stated its digest. */
    Path repaired() {
        return root.resolve("repaired");
    }

    Path repairedModel() {
        return repaired().resolve("secured");
    }

    Path repairedAdapter() {
        return repaired().resolve("adapter");
    }

    Path repairedRecord() {
        return repaired().resolve("record.json");
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

    /** Of a SecurityVector's run only: the base's own answers. */
    Path replay() {
        return root.resolve("assessed").resolve(Replay.FILE);
    }

    /** Where an artifact lies. */
    Path artifact(String name) {
        return switch (name) {
            case Inputs.MODEL -> model();
            case Inputs.JUDGE -> judge();
            case Inputs.SECURED -> secured();
            case Inputs.PLAIN -> plain();
            case Inputs.ADAPTER -> adapter();
            case Inputs.VECTOR -> vector();
            case Inputs.TRAINING_RECORD -> record();
            case Inputs.REPORT -> report();
            case Inputs.ASSESSMENT -> assessment();
            case Inputs.REPLAY -> replay();
            case Inputs.REPAIRED -> repairedModel();
            case Inputs.REPAIRED_ADAPTER -> repairedAdapter();
            case Inputs.REPAIRED_RECORD -> repairedRecord();
            case Inputs.SOURCES -> sources();
            case Inputs.SHAPES -> shapes();
            case Inputs.DROP_SHAPES -> dropShapes();
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
