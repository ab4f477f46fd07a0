package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSONL datasets: one JSON object on each line, strict UTF-8, in one of the forms of {@link RowFormat}.
 *
 * <p>Errors name the file, the line and what is wrong, never what the line says.
 */
public final class DatasetReader {
    /** Longest line; a sample beyond it is no sample. */
    private static final int MAX_LINE = 16 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<Sample> samples = new ArrayList<>();
    private @Nullable RowFormat format;

    private final String name;
    private final Use use;

    /** What the rows are for. */
    private enum Use {
        CONVERSATIONS,
        TEXTS,
        CATEGORIES,
        WRITTEN
    }

    private DatasetReader(String name, Use use) {
        this.name = name;
        this.use = use;
    }

    /**
     * Reads and checks every row of a file for its conversations alone: a category is not judged, and kept where it is one.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming file, line and what is wrong
     */
    public static Dataset readConversations(Path file) {
        return readConversations(file, file.toString());
    }

    /** The same with the name under which the user knows the file, for messages. */
    public static Dataset readConversations(Path file, String name) {
        return new DatasetReader(name, Use.CONVERSATIONS).readAll(file);
    }

    /** The same for rows that a model is to learn from, which may be plain texts. */
    public static Dataset readTraining(Path file, String name, DatasetFormat format) {
        return new DatasetReader(name, format == DatasetFormat.TEXT ? Use.TEXTS : Use.CONVERSATIONS).readAll(file);
    }

    /**
     * Reads and checks every row of a file, with its category where it has one.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming file, line and what is wrong
     */
    public static Dataset read(Path file) {
        return read(file, file.toString());
    }

    /** The same with the name under which the user knows the file, for messages. */
    public static Dataset read(Path file, String name) {
        return new DatasetReader(name, Use.CATEGORIES).readAll(file);
    }

    /** Reads what {@link DatasetWriter} wrote: samples keep the index that they had in the dataset they came from. */
    public static Dataset readWritten(Path file) {
        return new DatasetReader(file.toString(), Use.WRITTEN).readAll(file);
    }

    /** {@link #read(Path, String)} of content that lies in no file. */
    public static Dataset read(byte[] content, String name) {
        try (InputStream in = new ByteArrayInputStream(content)) {
            return new DatasetReader(name, Use.CATEGORIES).readAll(in);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory can be read", e);
        }
    }

    private Dataset readAll(Path file) {
        if (Files.isDirectory(file)) {
            throw new TrainerException(Fault.DATASET_INVALID, "dataset " + name + " is a directory, not a JSONL file");
        }
        if (!Files.exists(file)) {
            throw new TrainerException(Fault.DATASET_INVALID, "dataset " + name + " does not exist");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return readAll(in);
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
    }

    private Dataset readAll(InputStream in) throws IOException {
        requireLines(in);
        int line = 1;
        for (byte[] bytes = nextLine(in, line); bytes != null; bytes = nextLine(in, ++line)) {
            readLine(bytes, line);
        }
        if (samples.isEmpty()) {
            throw new TrainerException(Fault.DATASET_INVALID, "dataset " + name + " is empty");
        }
        return new Dataset(name, samples);
    }

    /** Looks ahead: of a file that is something else, the first line would only be said not to be JSON. */
    private void requireLines(InputStream in) throws IOException {
        in.mark(ForeignFile.HEAD);
        byte[] head = in.readNBytes(ForeignFile.HEAD);
        in.reset();
        ForeignFile.of(head).ifPresent(what -> {
            throw new TrainerException(Fault.DATASET_INVALID, "dataset " + name + " " + what);
        });
    }

    /** The bytes up to the next line feed; null at the end of the file. */
    private byte @Nullable [] nextLine(InputStream in, int line) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (bytes.size() == MAX_LINE) {
                throw invalid(line, "is longer than " + MAX_LINE + " bytes");
            }
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    private void readLine(byte[] bytes, int line) {
        String text = decode(bytes, line);
        if (line == 1 && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            return;
        }
        JsonNode row = parse(text, line);
        try {
            RowFormat rowFormat = formatOf(row);
            if (format == null) {
                format = rowFormat;
            } else if (format != rowFormat) {
                throw new RowException("is of the form " + rowFormat + ", the rows before it are " + format);
            }
            int index = use == Use.WRITTEN ? row.path(DatasetWriter.INDEX).asInt(samples.size()) : samples.size();
            boolean judged = use == Use.CATEGORIES || use == Use.WRITTEN;
            String category = judged ? RowFormat.category(row) : RowFormat.unjudged(row);
            boolean isText = rowFormat == RowFormat.TEXT;
            TemplateFields fields = isText ? TemplateFields.NONE : TemplateFields.of(row);
            samples.add(new Sample(index, line, rowFormat.messages(row), category, fields, isText));
        } catch (RowException e) {
            throw invalid(line, e.reason());
        }
    }

    private RowFormat formatOf(JsonNode row) {
        boolean isText = RowFormat.TEXT.isOf(row);
        if (use == Use.TEXTS && !isText) {
            throw RowText.missing();
        }
        boolean texts = use == Use.TEXTS || use == Use.WRITTEN && isText;
        return texts ? RowFormat.TEXT : RowFormat.of(row);
    }

    private String decode(byte[] bytes, int line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid(line, "is not UTF-8");
        }
    }

    private JsonNode parse(String text, int line) {
        try {
            JsonNode row = JSON.readTree(text);
            if (!row.isObject()) {
                throw invalid(line, "is not a JSON object");
            }
            return row;
        } catch (JsonProcessingException e) {
            // The parser's own message quotes the line.
            String where =
                    e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
            throw invalid(line, wrong(e.getOriginalMessage()).formatted(where));
        }
    }

    /** What the parser says in the words of whoever wrote the file; {@code %s} is where. */
    private static String wrong(String message) {
        if (message.startsWith("Duplicate field")) {
            return "names a field twice%s";
        }
        // Python writes these, and no other reader of JSON takes them.
        return message.startsWith("Non-standard token")
                ? "has NaN or Infinity%s, which JSON does not have; write null or leave the field out"
                : "is not JSON%s";
    }

    private TrainerException invalid(int line, String what) {
        return new TrainerException(Fault.DATASET_INVALID, "dataset " + name + " line " + line + " " + what);
    }
}
