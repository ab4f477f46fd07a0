package dev.safefinetune.trainer.tokenize.trial;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.ProcessLimits;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tries a model's tokenizer and chat template in a process of its own, with limits of memory and time, before this process
 * reads them. A few bytes of {@code tokenizer.json} can end the process that reads them, ask for gigabytes, or keep a processor busy
 * for hours, all in native code that no exception comes out of.
 */
public final class TokenizerTrial {
    /** The trainer's command that the process runs. */
    public static final String COMMAND = "try-tokenizer";

    /** From the start of the process to its end. */
    static final Duration MOST_TIME = Duration.ofSeconds(30);

    /** Writable memory of the process, for files as most are. */
    private static final long MOST_BYTES = 1L << 30;

    /** Those of Gemma are the largest of all, with 33 MB. Larger ones than this get more memory, by their size. */
    private static final long COMMON_FILE = 8L << 20;

    private static final long BYTES_PER_BYTE = 24;

    private static final Set<Integer> TOLD_BY_WHO_READS_IT =
            Set.of(Fault.MODEL_INVALID.exitCode(), Fault.DATASET_INVALID.exitCode(), Fault.STORAGE.exitCode());

    /** What Java adds to a signal's number in the exit code of a process that it ended. */
    private static final int SIGNALLED = 128;

    /** By Linux, where the container's own memory ran out. */
    private static final int KILLED = SIGNALLED + 9;

    /** Files that passed in this process: stages and commands read a model more than once. */
    private static final Set<Digest> PASSED = ConcurrentHashMap.newKeySet();

    private TokenizerTrial() {}

    /**
     * Tries the tokenizer of a model. What is wrong with it in a way that can be told is left to whoever reads it.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} where the process that read it did not come to its end within the limits;
     *     {@link Fault#OUT_OF_MEMORY} where the pod's own memory is too small for that; {@link Fault#INTERNAL} where it could not
     *     begin
     */
    public static void require(Path model) {
        require(model, MOST_TIME);
    }

    static void require(Path model, Duration most) {
        Path tokenizer = model.resolve(ModelDirectory.TOKENIZER);
        if (!Files.exists(tokenizer)) {
            return;
        }
        Digest digest = Digests.ofDirectory(model, PublishedFiles.TOKENIZER::contains);
        if (PASSED.contains(digest)) {
            return;
        }
        int code = run(model, tokenizer, most);
        if (code == 0) {
            PASSED.add(digest);
        } else if (!TOLD_BY_WHO_READS_IT.contains(code)) {
            throw refusal(tokenizer, code);
        }
    }

    /**
     * What the process does: it bounds itself, reads the tokenizer, and texts of all kinds with it.
     *
     * @throws TrainerException for what can be told, as {@link ChatTokenizer} tells it
     */
    public static void readUnderLimits(Path model) {
        ProcessLimits.set(bytes(model.resolve(ModelDirectory.TOKENIZER)), MOST_TIME.toSeconds());
        try (ChatTokenizer tokenizer = ChatTokenizer.open(model)) {
            for (String text : TrialTexts.all()) {
                tokenizer.text(tokenizer.tokens(text));
            }
            List<Message> turns = List.of(
                    new Message(Role.USER, TrialTexts.words()), new Message(Role.ASSISTANT, TrialTexts.words()));
            tokenizer.encode(new Sample(0, 0, turns, null), Integer.MAX_VALUE);
        }
    }

    private static long bytes(Path tokenizer) {
        try {
            return MOST_BYTES + BYTES_PER_BYTE * Math.max(0, Files.size(tokenizer) - COMMON_FILE);
        } catch (IOException e) {
            throw TrainerException.storage("read", tokenizer, e);
        }
    }

    private static int run(Path model, Path tokenizer, Duration most) {
        long bytes = bytes(tokenizer);
        try {
            Process process =
                    ChildProcess.start(bytes, COMMAND, model.toAbsolutePath().toString());
            try {
                if (process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                    return process.exitValue();
                }
                throw invalid(tokenizer, "had not ended after " + most.toSeconds() + " s");
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new TrainerException(Fault.INTERNAL, "no process can be started to try a tokenizer in", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainerException(Fault.INTERNAL, "interrupted while a tokenizer was tried", e);
        }
    }

    private static TrainerException refusal(Path tokenizer, int code) {
        if (code == Fault.OUT_OF_MEMORY.exitCode()) {
            return invalid(tokenizer, "ran out of memory (" + (bytes(tokenizer) >> 20) + " MiB)");
        }
        if (code == KILLED) {
            return new TrainerException(
                    Fault.OUT_OF_MEMORY,
                    "memory ran out while %s was tried; give the pod more than %d MiB"
                            .formatted(tokenizer, bytes(tokenizer) >> 20));
        }
        if (code > SIGNALLED) {
            return invalid(
                    tokenizer,
                    "was ended by signal %d; it may have needed more than %d MiB or %d s"
                            .formatted(code - SIGNALLED, bytes(tokenizer) >> 20, MOST_TIME.toSeconds()));
        }
        return new TrainerException(
                Fault.INTERNAL, "the process that was to try " + tokenizer + " ended with exit code " + code);
    }

    private static TrainerException invalid(Path tokenizer, String what) {
        return new TrainerException(
                Fault.MODEL_INVALID,
                "%s or the chat template beside it: the process that read them, and a few kilobytes of text with them, %s. Write them"
                                .formatted(tokenizer, what)
                        + " anew with save_pretrained of the tokenizer that the model was made with");
    }
}
