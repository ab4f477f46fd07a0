package dev.safefinetune.trainer.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file that is being written, its tensors in any order: the header comes first, so names, types and shapes
 * are told before.
 *
 * <p>Byte for byte what the reference writer writes: larger element types first, then by name, the header padded with
 * blanks to eight bytes, and the {@code format} without which transformers refuses a file.
 */
public final class SafetensorsSink implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Long> missing = new HashMap<>();
    private final Map<String, Long> lengths = new HashMap<>();

    /**
     * What a tensor will be like.
     *
     * @param name as it shall stand in the file
     * @param dtype element type
     * @param shape dimensions, empty for a scalar
     */
    public record Form(String name, DType dtype, List<Long> shape) {
        public Form {
            shape = List.copyOf(shape);
        }

        /** Length of its content in bytes. */
        public long bytes() {
            long bytes = dtype.bytes();
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        }
    }

    private SafetensorsSink(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens a new file and writes its header. */
    public static SafetensorsSink open(Path file, List<Form> forms) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            SafetensorsSink sink = new SafetensorsSink(file, channel);
            try {
                sink.header(forms);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return sink;
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    private void header(List<Form> forms) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        long at = 0;
        List<Form> ordered = forms.stream()
                .sorted(Comparator.comparing(Form::dtype).thenComparing(Form::name))
                .toList();
        for (Form form : ordered) {
            if (missing.put(form.name(), at) != null) {
                throw new IllegalArgumentException("tensor " + form.name() + " is given twice");
            }
            lengths.put(form.name(), form.bytes());
            ObjectNode node = root.putObject(form.name());
            node.put("dtype", form.dtype().name());
            ArrayNode shape = node.putArray("shape");
            form.shape().forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + form.bytes());
            at += form.bytes();
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        byte[] text = Arrays.copyOf(json, padded);
        Arrays.fill(text, json.length, padded, (byte) ' ');
        write(
                ByteBuffer.allocate(Long.BYTES + padded)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(padded)
                        .put(text)
                        .flip(),
                0);
        long dataStart = Long.BYTES + (long) padded;
        missing.replaceAll((name, offset) -> offset + dataStart);
    }

    /**
     * Writes one tensor.
     *
     * @param content row-major and little-endian
     * @throws IllegalArgumentException for a tensor that was not announced, is of another length, or comes twice
     */
    public void put(String name, ByteBuffer content) {
        Long at = missing.remove(name);
        if (at == null) {
            throw new IllegalArgumentException("tensor " + name + " was not announced, or comes twice");
        }
        if (!Long.valueOf(content.remaining()).equals(lengths.get(name))) {
            throw new IllegalArgumentException(
                    "tensor " + name + " needs " + lengths.get(name) + " bytes, was given " + content.remaining());
        }
        try {
            write(content.duplicate(), at);
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    /** Writes a part of a tensor that is too long for one buffer. */
    void putPart(String name, ByteBuffer content, long offset, boolean last) {
        Long at = last ? missing.remove(name) : missing.get(name);
        if (at == null) {
            throw new IllegalArgumentException("tensor " + name + " was not announced, or comes twice");
        }
        try {
            write(content.duplicate(), at + offset);
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    private void write(ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    /** Waits until the file is on the disk. Every tensor must have been written. */
    public void finish() {
        if (!missing.isEmpty()) {
            throw new IllegalStateException("tensors were not written: " + missing.keySet());
        }
        try {
            channel.force(true);
        } catch (IOException e) {
            throw TrainerException.storage("write", file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw TrainerException.storage("close", file, e);
        }
    }
}
