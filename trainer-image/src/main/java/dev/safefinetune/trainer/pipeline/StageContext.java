package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Source;
import java.nio.file.Path;

/**
 * Where a stage is at work.
 *
 * @param root the container's working directory
 * @param run whose stage it is
 * @param progress told how far it is
 * @param log told what happens
 */
record StageContext(Path root, RunIdentity run, StageProgress progress, EventLog log) {
    Path path(Source source) {
        return root.resolve(source.path());
    }

    Scratch scratch(String path) {
        return new Scratch(root.resolve(path));
    }
}
