package dev.safefinetune.trainer.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes safetensors files byte for byte as the reference writer does: larger element types first, then by name, the
 * header padded with blanks to eight bytes, and the {@code format} without which transformers refuses a file.
 */
public final class SafetensorsWriter {
    /** A multiple of every element size, small enough for any buffer. */
    private static final long CHUNK = 64L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /**
     * Writes a new file, one tensor after the other, and waits until it is on the disk.
     *
     * @throws TrainerException {@link dev.safefinetune.contract.Fault#STORAGE} when the file cannot be written
     */
    public static void write(Path file, List<OutgoingTensor> tensors) {
        List<OutgoingTensor> ordered = tensors.stream()
                .sorted(Comparator.comparing(OutgoingTensor::dtype).thenComparing(OutgoingTensor::name))
                .toList();
        ByteBuffer header = header(ordered);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, header);
            for (OutgoingTensor tensor : ordered) {
                writeTensor(channel, tensor);
            }
            channel.force(true);
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    private static void writeTensor(FileChannel channel, OutgoingTensor tensor) throws IOException {
        MemorySegment content = tensor.content().get();
        if (content.byteSize() != tensor.bytes()) {
            throw new IllegalArgumentException("tensor " + tensor.name() + " of " + tensor.dtype() + tensor.shape()
                    + " needs " + tensor.bytes() + " bytes, was given " + content.byteSize());
        }
        for (long at = 0; at < content.byteSize(); at += CHUNK) {
            long length = Math.min(CHUNK, content.byteSize() - at);
            writeFully(channel, content.asSlice(at, length).asByteBuffer());
        }
    }

    private static ByteBuffer header(List<OutgoingTensor> ordered) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        Set<String> names = new HashSet<>();
        long at = 0;
        for (OutgoingTensor tensor : ordered) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("tensor " + tensor.name() + " is given twice");
            }
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", tensor.dtype().name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + tensor.bytes());
            at += tensor.bytes();
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        byte[] text = Arrays.copyOf(json, padded);
        Arrays.fill(text, json.length, padded, (byte) ' ');
        return ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text)
                .flip();
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
