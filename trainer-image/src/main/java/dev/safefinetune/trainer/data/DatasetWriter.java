package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes samples as JSONL with {@code messages} or {@code text} and their index, which {@link DatasetReader#readWritten} reads back. */
public final class DatasetWriter {
    static final String INDEX = "index";

    private static final ObjectMapper JSON = new ObjectMapper();

    private DatasetWriter() {}

    /** Replaces a file; it appears whole or not at all. */
    public static void write(Path file, List<Sample> samples) {
        DurableFiles.write(file, text(samples));
    }

    /** Digest of the file that would be written. */
    public static Digest digest(List<Sample> samples) {
        return Digests.ofBytes(text(samples).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(List<Sample> samples) {
        StringBuilder lines = new StringBuilder();
        samples.forEach(s -> lines.append(line(s)).append('\n'));
        return lines.toString();
    }

    private static String line(Sample sample) {
        ObjectNode row = JSON.createObjectNode();
        if (sample.isText()) {
            row.put(RowText.FIELD, sample.answer());
        } else {
            ArrayNode messages = row.putArray("messages");
            sample.messages().forEach(message -> write(message, messages.addObject()));
        }
        if (!sample.fields().tools().isEmpty()) {
            row.set(TemplateFields.TOOLS, sample.fields().tools());
        }
        if (!sample.fields().kwargs().isEmpty()) {
            row.set(TemplateFields.KWARGS, sample.fields().kwargs());
        }
        if (sample.category() != null) {
            row.put("category", sample.category());
        }
        row.put(INDEX, sample.index());
        return row.toString();
    }

    private static void write(Message message, ObjectNode turn) {
        turn.put("role", message.role().text());
        if (message.hasContent()) {
            turn.put(Message.CONTENT, message.content());
        }
        message.fields().properties().forEach(field -> turn.set(field.getKey(), field.getValue()));
        if (message.isAnswer() && !message.learned()) {
            turn.put("weight", 0);
        }
    }
}
