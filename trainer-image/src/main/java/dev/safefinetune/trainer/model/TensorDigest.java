package dev.safefinetune.trainer.model;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Script;
import dev.safefinetune.trainer.tensor.Tensor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of a tensor's float32 elements as they lie in memory. */
public final class TensorDigest {
    /** Elements read at a time: a direct buffer holds at most 2 GiB. */
    private static final long PART = 1L << 26;

    private TensorDigest() {}

    /** The digest of a contiguous tensor. */
    public static Digest of(Script script, Tensor tensor) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (long at = 0; at < tensor.elements(); at += PART) {
                try (Scope scope = new Scope()) {
                    int size = (int) Math.min(PART, tensor.elements() - at);
                    sha.update(script.call(scope, "span", List.of(tensor), at, (long) size)
                            .getFirst()
                            .bytes());
                }
            }
            return new Digest("sha256:" + HexFormat.of().formatHex(sha.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
