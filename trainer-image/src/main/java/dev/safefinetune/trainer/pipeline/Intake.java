package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgeInput;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.store.VolumeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What a prepare stage takes in: private copies on the scratch volume, with where they came from. */
final class Intake {
    private final StageContext context;
    private final Scratch scratch;
    private final SortedMap<String, String> uris = new TreeMap<>();

    /** What stays where it lies, such as the vector, which comes onto no volume of the run. */
    private final SortedMap<String, String> elsewhere = new TreeMap<>();

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
        known(context.path(output), output.uri());
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
        return model(Inputs.MODEL, source, scratch.model());
    }

    /**
     * The same of a judge, which may be pinned.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} also where it has another digest than it is pinned to
     */
    void judge(JudgeInput judge) {
        Digest digest = model(Inputs.JUDGE, judge.source(), scratch.judge());
        Digest pinned = judge.digest();
        if (pinned != null && !pinned.equals(digest)) {
            throw new TrainerException(
                    Fault.MODEL_INVALID,
                    "the judge at " + judge.source().uri() + " has digest " + digest + ", judge.digest is " + pinned
                            + ": pin the judge that you mean, or put its files back");
        }
    }

    private Digest model(String artifact, Source source, Path to) {
        Path from = context.path(source);
        known(from, source.uri());
        known(to, source.uri());
        requireOnVolume(from, context.volume(source));
        ModelDirectory.inspect(from);
        Digest digest = ModelDirectory.copy(from, context.volume(source), to);
        ModelCheck.require(to, context.log());
        ModelCheck.tellPickles(from, context.log());
        uris.put(artifact, source.uri());
        context.log().event(artifact + " copied", "uri", source.uri(), "digest", digest);
        return digest;
    }

    /** Opens each file of a model, before gigabytes of it are copied: they have to lie on the volume of its URI. */
    private static void requireOnVolume(Path model, Path volume) {
        if (Files.isDirectory(model)) {
            for (String name : ModelDirectory.modelFiles(model)) {
                VolumeFile.open(volume, model.resolve(name), Fault.MODEL_INVALID)
                        .close();
            }
        }
    }

    /** Reads a dataset that the model learns from: of its categories nothing is asked. */
    Dataset readTraining(Source source, DatasetFormat format) {
        try (VolumeFile file = open(source)) {
            return DatasetReader.readTraining(file.path(), source.uri(), format);
        }
    }

    /** Reads a dataset whose categories count. */
    Dataset read(Source source) {
        try (VolumeFile file = open(source)) {
            return DatasetReader.read(file.path(), source.uri());
        }
    }

    private VolumeFile open(Source source) {
        Path path = context.path(source);
        known.put(path.toString(), "dataset " + source.uri());
        VolumeFile file = VolumeFile.open(context.volume(source), path, Fault.DATASET_INVALID);
        known.put(file.path().toString(), source.uri());
        return file;
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

    /** Notes where something lies that is used and not copied. */
    void leave(String artifact, Source source) {
        elsewhere.put(artifact, source.uri());
    }

    /** Notes where things lie that come onto no volume, by the names of {@link Inputs}. */
    void leave(Map<String, String> artifacts) {
        elsewhere.putAll(artifacts);
    }

    Sources sources() {
        TreeMap<String, String> all = new TreeMap<>(uris);
        all.putAll(elsewhere);
        return new Sources(all);
    }
}
