package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage is at work.
 *
 * @param root the container's working directory
 * @param run whose stage it is
 * @param progress told how far it is
 * @param log told what happens
 * @param clock of reports
 * @param interruption by which it is asked to end
 * @param devices that it computes on
 * @param signer signs what is published; absent: it is not signed
 * @param operator to ask for suites of the platform; absent: there is nobody to ask
 */
record StageContext(
        Path root,
        RunIdentity run,
        StageProgress progress,
        EventLog log,
        Clock clock,
        Interruption interruption,
        List<Device> devices,
        @Nullable OperatorSignature signer,
        @Nullable OperatorCalls operator) {
    /**
     * The files that sign what a manifest lists, by name; none where nothing is signed.
     *
     * @throws TrainerException as {@link OperatorSignature#sign}
     */
    Map<String, String> sign(String manifest) {
        return signer == null ? Map.of() : signer.sign(manifest);
    }

    Path path(Source source) {
        return root.resolve(source.path());
    }

    Path path(Target target) {
        return root.resolve(target.path());
    }

    /** The volume that something is on. */
    Path volume(Source source) {
        return volume(source.path());
    }

    /** Where the operator mounts a claim or a secret: two names below the root. */
    private Path volume(String place) {
        Path path = Path.of(place);
        return root.resolve(path.subpath(0, Math.min(2, path.getNameCount())));
    }

    /**
     * Where a stage publishes.
     *
     * @throws TrainerException {@link Fault#OUTPUT_NOT_WRITABLE} where a link on the way leads out of the output's volume: what
     *     lies there is not the user's to replace
     */
    Path destination(Target target) {
        Path directory = path(target);
        Path volume = volume(target.path());
        Path there = directory;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && !there.equals(volume)) {
            there = Objects.requireNonNull(there.getParent());
        }
        try {
            if (Files.exists(volume) && !there.toRealPath().startsWith(volume.toRealPath())) {
                throw new TrainerException(
                        Fault.OUTPUT_NOT_WRITABLE,
                        "output " + directory + " leads out of its volume by a link; name a directory that lies on it");
            }
        } catch (IOException e) {
            throw new TrainerException(
                    Fault.OUTPUT_NOT_WRITABLE, "output " + directory + " is a link that leads nowhere", e);
        }
        return directory;
    }

    Scratch scratch(String path) {
        return new Scratch(root.resolve(path));
    }

    RunCheckpoints checkpoints(Scratch scratch, @Nullable Checkpointing settings, RunKey key) {
        if (settings == null) {
            throw new TrainerException(
                    Fault.JOB_SPEC_INVALID,
                    "task.checkpoint is missing: the operator is of an older release than the trainer image");
        }
        return new RunCheckpoints(scratch.checkpoints(), settings, key, interruption, clock, progress, log);
    }

    /**
     * Removes the checkpoints of a stage that is done: from here on it says so, also where it is asked to end.
     *
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted where it was asked before
     */
    void done(RunCheckpoints checkpoints) {
        interruption.attend();
        checkpoints.delete();
    }
}
