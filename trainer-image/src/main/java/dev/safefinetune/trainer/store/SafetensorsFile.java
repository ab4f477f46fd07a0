package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A safetensors file, mapped and checked: eight bytes of header length, a JSON header, and the tensors without holes or
 * overlaps up to the last byte of the file.
 *
 * <p>Stricter than the reference reader, which accepts duplicate keys, path-like names and headers of 77 MiB.
 */
public final class SafetensorsFile implements AutoCloseable {
    private final Arena arena;
    private final Path file;
    private final SortedMap<String, StoredTensor> tensors;
    private final Map<String, String> metadata;

    private SafetensorsFile(Arena arena, SafetensorsHeader header, MemorySegment mapped, Path file) {
        this.arena = arena;
        this.file = file;
        this.metadata = header.metadata();
        SortedMap<String, StoredTensor> found = new TreeMap<>();
        for (SafetensorsHeader.Entry e : header.entries()) {
            long offset = header.dataStart() + e.begin();
            found.put(
                    e.name(),
                    new StoredTensor(
                            e.name(), e.dtype(), e.shape(), mapped.asSlice(offset, e.end() - e.begin()), file, offset));
        }
        this.tensors = Collections.unmodifiableSortedMap(found);
    }

    /**
     * Maps and checks a file.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} naming the file and what is wrong with it
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena belongs to the result, or is closed before it throws
    public static SafetensorsFile open(Path file) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            SafetensorsHeader header = readHeader(channel, file, size);
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            return new SafetensorsFile(arena, header, mapped, file);
        } catch (NoSuchFileException e) {
            arena.close();
            throw new TrainerException(Fault.MODEL_INVALID, file + " does not exist", e);
        } catch (IOException e) {
            arena.close();
            throw TrainerException.storage("read", file, e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static SafetensorsHeader readHeader(FileChannel channel, Path file, long size) throws IOException {
        if (size < Long.BYTES) {
            throw SafetensorsHeader.invalid(file, "is truncated: " + size + " bytes are no safetensors file");
        }
        long length = readFully(channel, 0, Long.BYTES).getLong();
        if (length < 2 || length > SafetensorsHeader.MAX_BYTES) {
            throw SafetensorsHeader.invalid(
                    file,
                    "has a header length of " + Long.toUnsignedString(length) + " bytes, allowed are 2.."
                            + SafetensorsHeader.MAX_BYTES);
        }
        if (length > size - Long.BYTES) {
            throw SafetensorsHeader.invalid(
                    file, "is truncated: its header needs " + length + " bytes, the file has " + size);
        }
        byte[] json = readFully(channel, Long.BYTES, (int) length).array();
        return SafetensorsHeader.parse(file, json, size - Long.BYTES - length);
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    /** Tensors by name. */
    public SortedMap<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * A tensor that must be there.
     *
     * @throws TrainerException {@link Fault#MODEL_INVALID} when it is not
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw SafetensorsHeader.invalid(file, "has no tensor " + name);
        }
        return tensor;
    }

    /** The file's {@code __metadata__}; empty when it has none. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Unmaps the file: its tensors must not be touched any more. */
    @Override
    public void close() {
        arena.close();
    }
}
