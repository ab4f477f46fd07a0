package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The few lines that git leaves in place of a large file where git-lfs did not fetch it. */
final class LfsPointer {
    private static final byte[] HEAD = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private LfsPointer() {}

    /**
     * Refuses a pointer; a file that does not exist passes.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID}
     */
    static void refuse(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (Arrays.equals(in.readNBytes(HEAD.length), HEAD)) {
                throw new TrainerException(
                        Fault.MODEL_INVALID, file + " is a git-lfs pointer and not the file itself; run git lfs pull");
            }
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }
}
