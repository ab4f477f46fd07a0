package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.SafetyReport.Material;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the user said that things are, by the names of {@link Inputs}.
 *
 * @param uris as in the resource
 */
record Sources(SortedMap<String, String> uris) {
    private static final Set<String> NOT_MATERIAL = Set.of(
            Inputs.SOURCES,
            Inputs.SHAPES,
            Inputs.DROP_SHAPES,
            Inputs.TRAINING_RECORD,
            Inputs.REPAIRED_RECORD,
            Inputs.REPORT,
            Inputs.REFUSAL,
            Inputs.ASSESSMENT);

    Sources {
        uris = new TreeMap<>(uris);
    }

    static Sources read(Path file) {
        try {
            return ContractJson.read(Files.readString(file), Sources.class);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    void write(Path file) {
        DurableFiles.write(file, ContractJson.write(this));
    }

    /** What a run was made from: digests as the stages stated them, and where each came from. */
    SortedMap<String, Material> materials(Inputs inputs) {
        SortedMap<String, Material> materials = new TreeMap<>();
        for (var entry : inputs.digests().entrySet()) {
            if (!NOT_MATERIAL.contains(entry.getKey())) {
                Digest digest = entry.getValue();
                materials.put(entry.getKey(), new Material(uris.get(entry.getKey()), digest));
            }
        }
        return materials;
    }
}
