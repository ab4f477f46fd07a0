package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a prepare stage takes in: private copies on the scratch volume, with where they came from. */
final class Intake {
    private final StageContext context;
    private final Scratch scratch;
    private final SortedMap<String, String> uris = new TreeMap<>();

    /** The longest path first, so that none is taken for a part of another. */
    private final SortedMap<String, String> known =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    Intake(StageContext context, Scratch scratch) {
        this.context = context;
        this.scratch = scratch;
        // An earlier attempt of this stage may have been killed half-way.
        DurableFiles.deleteTree(scratch.prepared());
    }

    /**
     * Does a stage's work; its errors name things as the user does, who knows the resource's URIs and not where the pod
     * finds them.
     */
    StageOutput named(Target output, Supplier<StageOutput> work) {
        known(context.root().resolve(output.path()), output.uri());
        try {
            return work.get();
        } catch (TrainerException e) {
            String message = String.valueOf(e.getMessage());
            for (Map.Entry<String, String> path : known.entrySet()) {
                message = message.replace(path.getKey(), path.getValue());
            }
            throw new TrainerException(e.fault(), message, e);
        }
    }

    private void known(Path path, String uri) {
        known.put(path.toString(), uri);
        known.put(path.toAbsolutePath().normalize().toString(), uri);
    }

    /** Checks a model where it lies, copies it, and checks the copy: only that is used from here on. */
    Digest model(Source source) {
        Path from = context.path(source);
        known(from, source.uri());
        known(scratch.model(), source.uri());
        requireOnVolume(from, context.volume(source));
        ModelDirectory.inspect(from);
        Digest digest = ModelDirectory.copy(from, scratch.model());
        ModelDirectory.inspect(scratch.model());
        uris.put(Inputs.MODEL, source.uri());
        context.log().event("model copied", "uri", source.uri(), "digest", digest);
        return digest;
    }

    /**
     * Refuses a model file that lies elsewhere: who may write to a volume could otherwise have the pod copy, and publish, what
     * only the pod may read, such as a security vector. Links that stay on the volume are how model caches are laid out.
     */
    private static void requireOnVolume(Path model, Path volume) {
        if (!Files.isDirectory(model)) {
            return;
        }
        try (Stream<Path> entries = Files.list(model)) {
            Path real = volume.toRealPath();
            for (Path file : entries.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (ModelDirectory.isModelFile(name)
                        && Files.exists(file)
                        && !file.toRealPath().startsWith(real)) {
                    throw new TrainerException(
                            Fault.MODEL_INVALID,
                            file + " is a link that leaves its volume; a model's files have to lie on the volume of its"
                                    + " URI");
                }
            }
        } catch (IOException e) {
            throw TrainerException.storage("read the links of", model, e);
        }
    }

    Dataset read(Source source) {
        return DatasetReader.read(context.path(source), source.uri());
    }

    /** Writes checked samples as an artifact. */
    void keep(String artifact, Source source, List<Sample> samples) {
        DatasetWriter.write(scratch.file(artifact), samples);
        uris.put(artifact, source.uri());
        context.log().event("dataset kept", "artifact", artifact, "uri", source.uri(), "samples", samples.size());
    }

    /** What was taken in so far. */
    Set<String> artifacts() {
        return Set.copyOf(uris.keySet());
    }

    Sources sources() {
        return new Sources(uris);
    }
}
