package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where an adapter goes, and what it says that it is of.
 *
 * @param directory made by whoever writes it
 * @param baseModel the base model as the user named it; readers of the adapter look for it under this name
 */
public record AdapterPlace(Path directory, String baseModel) {
    /** An adapter on a run's volume, of a base that the user named by its URI. */
    static AdapterPlace of(Scratch scratch, Path directory) {
        String uri = Files.exists(scratch.sources())
                ? Sources.read(scratch.sources()).uris().get(Inputs.MODEL)
                : null;
        return new AdapterPlace(directory, uri == null ? scratch.model().toString() : uri);
    }
}
