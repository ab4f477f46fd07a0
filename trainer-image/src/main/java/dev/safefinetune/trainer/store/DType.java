package dev.safefinetune.trainer.store;

import java.util.Arrays;
import java.util.Optional;

/** Element types of the safetensors format, in the order in which the reference writer lays tensors out. */
public enum DType {
    U64(8),
    I64(8),
    F64(8),
    F32(4),
    U32(4),
    I32(4),
    BF16(2),
    F16(2),
    U16(2),
    I16(2),
    F8_E4M3(1),
    F8_E5M2(1),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    static Optional<DType> named(String name) {
        return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
    }
}
