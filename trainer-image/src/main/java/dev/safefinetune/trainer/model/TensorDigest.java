package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a tensor's float32 elements as they lie in memory. */
public final class TensorDigest {
    /** Bytes read at a time: a buffer holds at most 2 GiB. */
    private static final long PART = 1L << 28;

    private TensorDigest() {}

    /** The digest of a contiguous tensor. */
    public static Digest of(Kernels kernels, Tensor tensor) {
        try (Scope copies = new Scope()) {
            MemorySegment memory = kernels.memory(copies, tensor);
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (long at = 0; at < memory.byteSize(); at += PART) {
                sha.update(memory.asSlice(at, Math.min(PART, memory.byteSize() - at))
                        .asByteBuffer());
            }
            return new Digest("sha256:" + HexFormat.of().formatHex(sha.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
