package dev.safefinetune.trainer.train;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.checkpoint.Cadence;
import dev.safefinetune.trainer.checkpoint.CheckpointDirectory;
import dev.safefinetune.trainer.checkpoint.CheckpointDirectory.Found;
import dev.safefinetune.trainer.checkpoint.Interruption;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.kernel.HostCopies;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.StoredTensor;
import dev.safefinetune.trainer.store.TrainerException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints on a disk: one an interval, one when the process is to end, and one after the last step where there has
 * been one before, since merging and writing a model takes its time too.
 *
 * <p>A checkpoint that cannot be written does not end a training: the earlier ones stay, somebody is told, and the next is
 * tried an interval later. Ending would lose for certain what a checkpoint only insures.
 */
public final class DurableCheckpoints implements Checkpoints {
    private final CheckpointDirectory directory;
    private final Interruption interruption;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Duration every;
    private final Witness witness;
    private final @Nullable Found<TrainingState> found;
    private @Nullable Cadence cadence;
    private boolean exists;
    private int failures;

    /** Told what becomes of checkpoints. */
    public interface Witness {
        /** A training goes on after so many steps. */
        void resumed(TrainingState from, Instant writtenAt);

        /** A checkpoint is on the disk. */
        void written(int step, Instant at, double seconds, long bytes);

        /** A checkpoint could not be written, so many times in a row now. */
        void failed(int step, int times, String reason);
    }

    /**
     * Looks for what an earlier process left.
     *
     * @param clock says when a checkpoint was taken
     * @param nanoTime says when the next is due; as {@link System#nanoTime}
     */
    public DurableCheckpoints(
            CheckpointDirectory directory,
            Duration every,
            Interruption interruption,
            InstantSource clock,
            LongSupplier nanoTime,
            Witness witness) {
        this.directory = directory;
        this.every = every;
        this.interruption = interruption;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.witness = witness;
        this.found = directory.newest(TrainingState.class).orElse(null);
        this.exists = found != null;
    }

    /** What an earlier process left. */
    public Optional<TrainingState> found() {
        return Optional.ofNullable(found).map(Found::state);
    }

    @Override
    public Optional<TrainingState> begin(List<Memory> tensors) {
        interruption.attend();
        if (found != null) {
            try (SafetensorsFile file = found.open()) {
                tensors.forEach(t -> copy(file.tensors(), t));
            }
            witness.resumed(found.state(), found.writtenAt());
        }
        cadence = new Cadence(every, nanoTime);
        return found();
    }

    private void copy(SortedMap<String, StoredTensor> from, Memory to) {
        StoredTensor stored = from.get(to.name());
        if (stored == null || stored.dtype() != DType.F32 || stored.data().byteSize() != to.bytes()) {
            throw new TrainerException(
                    Fault.ARTIFACT_CHANGED,
                    "the checkpoint's tensor " + to.name() + " does not fit the model; remove the checkpoint");
        }
        to.set(stored.data());
    }

    @Override
    public void reached(Supplier<TrainingState> state, List<Memory> tensors) {
        if (interruption.isWished()) {
            throw interrupted(write(state.get(), tensors));
        }
        Cadence due = cadence;
        if (due != null && due.isDue()) {
            write(state.get(), tensors);
            due.restart();
        }
    }

    @Override
    public void ended(Supplier<TrainingState> state, List<Memory> tensors) {
        boolean written = exists && write(state.get(), tensors);
        if (!interruption.release()) {
            throw interrupted(written || write(state.get(), tensors));
        }
    }

    @Override
    public boolean isEndWished() {
        return interruption.isWished();
    }

    private static TrainingInterrupted interrupted(boolean written) {
        return new TrainingInterrupted(
                written
                        ? "asked to end; a checkpoint is written, and the same again goes on from it"
                        : "asked to end, and no checkpoint could be written; the same again goes on from an earlier one");
    }

    private boolean write(TrainingState state, List<Memory> tensors) {
        long start = nanoTime.getAsLong();
        Instant at = clock.instant();
        try (HostCopies copies = new HostCopies(tensors.getFirst().kernels())) {
            List<OutgoingTensor> outgoing = tensors.stream()
                    .map(t -> new OutgoingTensor(
                            t.name(), DType.F32, List.of(t.tensor().elements()), () -> copies.of(t.tensor())))
                    .toList();
            long bytes = directory.write(state.done(), at, state, outgoing);
            exists = true;
            failures = 0;
            if (bytes > 0) {
                witness.written(state.done(), at, (nanoTime.getAsLong() - start) / 1e9, bytes);
            }
            return true;
        } catch (TrainerException e) {
            failures++;
            witness.failed(state.done(), failures, String.valueOf(e.getMessage()));
            return false;
        }
    }
}
