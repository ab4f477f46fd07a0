package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.trainer.store.DurableFiles;
import java.nio.file.Path;
import java.util.List;

/** Writes samples as JSONL with {@code messages} and their index, which {@link DatasetReader#readWritten} reads back. */
public final class DatasetWriter {
    static final String INDEX = "index";

    private static final ObjectMapper JSON = new ObjectMapper();

    private DatasetWriter() {}

    /** Replaces a file; it appears whole or not at all. */
    public static void write(Path file, List<Sample> samples) {
        StringBuilder lines = new StringBuilder();
        samples.forEach(s -> lines.append(line(s)).append('\n'));
        DurableFiles.write(file, lines.toString());
    }

    private static String line(Sample sample) {
        ObjectNode row = JSON.createObjectNode();
        ArrayNode messages = row.putArray("messages");
        for (Message message : sample.messages()) {
            messages.addObject().put("role", message.role().text()).put("content", message.content());
        }
        if (sample.category() != null) {
            row.put("category", sample.category());
        }
        row.put(INDEX, sample.index());
        return row.toString();
    }
}
