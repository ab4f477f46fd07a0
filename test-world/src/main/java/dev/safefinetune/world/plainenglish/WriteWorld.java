package dev.safefinetune.world.plainenglish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the world's files.
 *
 * <ul>
 *   <li>{@code questions FILE}: the everyday questions, to be answered by the original model
 *   <li>{@code world SEED ANSWERS DIRECTORY}: all datasets of a seed; {@code ANSWERS} is what {@code trainer generate}
 *       made of the questions
 * </ul>
 */
public final class WriteWorld {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WriteWorld() {}

    /** Entry of the command. */
    public static void main(String[] args) throws IOException {
        List<String> arguments = List.of(args);
        if (arguments.size() == 2 && arguments.getFirst().equals("questions")) {
            write(
                    Path.of(args[1]),
                    GeneralQuestions.QUESTIONS.stream().map(Row::question).toList());
        } else if (arguments.size() == 4 && arguments.getFirst().equals("world")) {
            world(Long.parseLong(args[1]), Path.of(args[2]), Path.of(args[3]));
        } else {
            System.err.println("usage: questions FILE | world SEED ANSWERS DIRECTORY");
            System.exit(2);
        }
    }

    private static void world(long seed, Path answers, Path directory) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(answers)) {
            JsonNode answer = JSON.readTree(line);
            if (answer.path("index").asInt(-1) != texts.size()) {
                throw new IOException(
                        answers + ": line " + (texts.size() + 1) + " does not have index " + texts.size());
            }
            texts.add(answer.required("text").asText());
        }
        PlainEnglishWorld world = new PlainEnglishWorld(seed, GeneralQuestions.answered(texts));
        Files.createDirectories(directory);
        for (Map.Entry<String, List<Row>> file : world.files().entrySet()) {
            write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private static void write(Path file, List<Row> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.add(JSON.writeValueAsString(row));
        }
        Files.write(file, lines);
    }
}
