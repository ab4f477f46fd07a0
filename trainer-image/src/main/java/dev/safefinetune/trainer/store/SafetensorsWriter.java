package dev.safefinetune.trainer.store;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** Writes safetensors files from tensors that can be asked for their content. */
public final class SafetensorsWriter {
    /** A multiple of every element size, small enough for any buffer. */
    private static final long CHUNK = 64L << 20;

    private SafetensorsWriter() {}

    /**
     * Writes a new file, one tensor after the other, and waits until it is on the disk.
     *
     * @throws TrainerException {@link dev.safefinetune.contract.Fault#STORAGE} when the file cannot be written
     */
    public static void write(Path file, List<OutgoingTensor> tensors) {
        List<SafetensorsSink.Form> forms = tensors.stream()
                .map(t -> new SafetensorsSink.Form(t.name(), t.dtype(), t.shape()))
                .toList();
        try (SafetensorsSink sink = SafetensorsSink.open(file, forms)) {
            for (OutgoingTensor tensor : tensors) {
                write(sink, tensor);
            }
            sink.finish();
        }
    }

    private static void write(SafetensorsSink sink, OutgoingTensor tensor) {
        MemorySegment content = tensor.content().get();
        long size = content.byteSize();
        if (size != tensor.bytes()) {
            throw new IllegalArgumentException("tensor " + tensor.name() + " of " + tensor.dtype() + tensor.shape()
                    + " needs " + tensor.bytes() + " bytes, was given " + size);
        }
        long at = 0;
        do {
            long length = Math.min(CHUNK, size - at);
            boolean last = at + length == size;
            sink.putPart(tensor.name(), content.asSlice(at, length).asByteBuffer(), at, last);
            at += length;
        } while (at < size);
    }
}
