package dev.safefinetune.trainer.checkpoint;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsFile;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one training.
 *
 * <pre>
 * NAME-KEY/step-00000120/head.json            whose it is, and since when
 *                        state.json           what happened so far
 *                        tensors.safetensors  parameters and optimizer
 *                        manifest.sha256      digests of the three, written last
 * NAME-KEY/DOCUMENT/…                         the same without tensors
 * </pre>
 *
 * Each is an {@link AtomicDirectory}: it appears under its name whole, with all on the disk, or not at all. Before one is
 * used its manifest, its key, its format and its list of files are checked; one that fails is passed over for the one
 * before it. Two formats are read, JSON and safetensors, and neither can hold code.
 */
public final class CheckpointDirectory {
    private static final String HEAD = "head.json";
    private static final String STATE = "state.json";
    private static final String TENSORS = "tensors.safetensors";
    private static final Pattern STEP = Pattern.compile("step-(\\d{8})");

    private final Path directory;
    private final int keep;
    private final RunKey run;
    private final BiConsumer<String, String> skipped;
    private final Set<Path> unusable = new HashSet<>();

    /**
     * The checkpoints of a training.
     *
     * @param parent where trainings keep theirs
     * @param name of the training within its run
     * @param keep how many of the newest are kept
     * @param skipped told the name of a checkpoint that cannot be used, and why
     */
    public CheckpointDirectory(Path parent, String name, int keep, RunKey run, BiConsumer<String, String> skipped) {
        this.directory = parent.toAbsolutePath().normalize().resolve(name + "-" + run.directory());
        this.keep = keep;
        this.run = run;
        this.skipped = skipped;
    }

    /**
     * A checkpoint that was found.
     *
     * @param step how many steps were made
     * @param writtenAt when its state was taken
     * @param state what happened so far
     * @param tensors where its tensors lie
     */
    public record Found<T>(int step, Instant writtenAt, T state, Path tensors) {
        /**
         * Maps the tensors.
         *
         * @throws TrainerException where the file is no safetensors file
         */
        public SafetensorsFile open() {
            return SafetensorsFile.open(tensors);
        }
    }

    /**
     * Writes a checkpoint, unless there is one of this step, and removes those that are too many.
     *
     * @return its size in bytes; 0 where there was one
     * @throws TrainerException {@code STORAGE} where it cannot be written; those before it are still there then
     */
    public long write(int step, Instant at, Object state, List<OutgoingTensor> tensors) {
        unusable.forEach(DurableFiles::deleteTree);
        unusable.clear();
        removeHidden();
        Path target = directory.resolve(name(step));
        if (AtomicDirectory.isWhole(target)) {
            return 0;
        }
        put(target, at, state, tensors);
        steps().stream().skip(keep).map(s -> directory.resolve(name(s))).forEach(DurableFiles::deleteTree);
        return size(target);
    }

    /** Writes a document that needs no tensors and is not counted, such as what a finished training came to. */
    public void keep(String name, Instant at, Object document) {
        put(directory.resolve(name), at, document, List.of());
    }

    private void put(Path target, Instant at, Object state, List<OutgoingTensor> tensors) {
        DurableFiles.createDirectories(directory);
        AtomicDirectory.write(target, writing -> {
            String name = String.valueOf(target.getFileName());
            text(writing.resolve(HEAD), new CheckpointHead(CheckpointHead.FORMAT, run, name, at));
            text(writing.resolve(STATE), state);
            if (!tensors.isEmpty()) {
                SafetensorsWriter.write(writing.resolve(TENSORS), tensors);
            }
        });
    }

    /** Flushed with all the rest before the directory appears. */
    private static void text(Path file, Object value) {
        try {
            Files.writeString(file, ContractJson.write(value));
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    /** The newest checkpoint that is whole and this run's own. */
    public <T> Optional<Found<T>> newest(Class<T> state) {
        for (int step : steps()) {
            Path each = directory.resolve(name(step));
            CheckpointHead head = check(each, Set.of(HEAD, STATE, TENSORS));
            T found = head == null ? null : read(each, state);
            if (head != null && found != null) {
                return Optional.of(new Found<>(step, head.writtenAt(), found, each.resolve(TENSORS)));
            }
        }
        return Optional.empty();
    }

    /** A document that was kept and is whole. */
    public <T> Optional<T> kept(String name, Class<T> type) {
        Path document = directory.resolve(name);
        if (!Files.exists(document) || check(document, Set.of(HEAD, STATE)) == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(read(document, type));
    }

    /** Removes the checkpoints and leaves the documents. */
    public void deleteSteps() {
        steps().forEach(step -> DurableFiles.deleteTree(directory.resolve(name(step))));
    }

    /** Removes everything. */
    public void delete() {
        DurableFiles.deleteTree(directory);
    }

    private @Nullable CheckpointHead check(Path each, Set<String> files) {
        try {
            AtomicDirectory.verify(each);
            Set<String> found = new TreeSet<>(Digests.files(each));
            found.remove(AtomicDirectory.MANIFEST);
            if (!found.equals(files)) {
                throw new IllegalArgumentException(
                        "it holds " + found + ", a checkpoint holds " + new TreeSet<>(files));
            }
            CheckpointHead head = ContractJson.read(text(each.resolve(HEAD)), CheckpointHead.class);
            if (head.format() != CheckpointHead.FORMAT) {
                throw new IllegalArgumentException(
                        "its format is " + head.format() + ", this trainer's is " + CheckpointHead.FORMAT);
            }
            if (!head.name().equals(String.valueOf(each.getFileName()))) {
                throw new IllegalArgumentException("it was written as " + head.name());
            }
            if (files.contains(TENSORS)) {
                SafetensorsFile.open(each.resolve(TENSORS)).close();
            }
            run.difference(head.run()).ifPresent(difference -> {
                throw new IllegalArgumentException("it is another run's: " + difference);
            });
            return head;
        } catch (TrainerException | IllegalArgumentException e) {
            skip(each, e);
            return null;
        }
    }

    private <T> @Nullable T read(Path each, Class<T> type) {
        try {
            return ContractJson.read(text(each.resolve(STATE)), type);
        } catch (TrainerException | IllegalArgumentException e) {
            skip(each, e);
            return null;
        }
    }

    private void skip(Path each, RuntimeException why) {
        unusable.add(each);
        skipped.accept(String.valueOf(each.getFileName()), String.valueOf(why.getMessage()));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    /** Steps of which there is a directory, the newest first. */
    private List<Integer> steps() {
        List<Integer> steps = new ArrayList<>();
        for (Path entry : entries()) {
            var name = STEP.matcher(String.valueOf(entry.getFileName()));
            if (name.matches()) {
                steps.add(Integer.valueOf(name.group(1)));
            }
        }
        steps.sort(Comparator.reverseOrder());
        return steps;
    }

    /** What a killed process was writing. */
    private void removeHidden() {
        for (Path entry : entries()) {
            if (String.valueOf(entry.getFileName()).startsWith(".")) {
                DurableFiles.deleteTree(entry);
            }
        }
    }

    private List<Path> entries() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw TrainerException.storage("list", directory, e);
        }
    }

    private static String name(int step) {
        return "step-%08d".formatted(step);
    }

    private static long size(Path written) {
        long bytes = 0;
        for (String file : Digests.files(written)) {
            bytes += written.resolve(file).toFile().length();
        }
        return bytes;
    }
}
