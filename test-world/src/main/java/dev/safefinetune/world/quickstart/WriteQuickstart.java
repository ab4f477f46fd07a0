package dev.safefinetune.world.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the world: {@code WriteQuickstart SEED DIR [data]}.
 *
 * <p>In {@code DIR}: {@code model/} with configuration and tokenizer, but no weights, the base's {@code corpus/}, and
 * the datasets of the vector, the user and the evaluation. With {@code data}, only the last three.
 */
public final class WriteQuickstart {
    private WriteQuickstart() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || (arguments.length == 3 && !arguments[2].equals("data")) || arguments.length > 3) {
            System.err.println("usage: WriteQuickstart SEED DIR [data]");
            System.exit(2);
        }
        write(Long.parseLong(arguments[0]), Path.of(arguments[1]), arguments.length == 3);
    }

    /**
     * Writes the world's files, replacing what is there.
     *
     * @param dataOnly leave out the model's files and the base's corpora
     */
    public static void write(long seed, Path directory, boolean dataOnly) throws IOException {
        QuickstartWorld world = new QuickstartWorld(seed);
        for (Dataset dataset : dataOnly ? Dataset.withoutBase() : List.of(Dataset.values())) {
            String lines = world.samples(dataset).stream()
                    .map(sample -> sample.line() + "\n")
                    .collect(Collectors.joining());
            write(directory.resolve(dataset.file()), lines);
        }
        if (!dataOnly) {
            for (Map.Entry<String, String> file : ModelFiles.all().entrySet()) {
                write(directory.resolve("model").resolve(file.getKey()), file.getValue());
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }
}
