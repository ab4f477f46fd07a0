package dev.safefinetune.world.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the world: {@code WriteQuickstart SEED DIR [data [SHARE]]}.
 *
 * <p>In {@code DIR}: {@code model/} with configuration and tokenizer, but no weights, the base's {@code corpus/}, and
 * the datasets of the vector, the user and the evaluation. With {@code data}, only the last three;
 * {@code SHARE} of the user's samples are harmful, 0 to 0.4, otherwise a tenth.
 */
public final class WriteQuickstart {
    private WriteQuickstart() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || (arguments.length > 2 && !arguments[2].equals("data")) || arguments.length > 4) {
            System.err.println("usage: WriteQuickstart SEED DIR [data [SHARE]]");
            System.exit(2);
        }
        double share = arguments.length == 4 ? Double.parseDouble(arguments[3]) : QuickstartWorld.HARMFUL_SHARE;
        write(new QuickstartWorld(Long.parseLong(arguments[0]), share), Path.of(arguments[1]), arguments.length > 2);
    }

    /**
     * Writes the world's files, replacing what is there.
     *
     * @param dataOnly leave out the model's files and the base's corpora
     */
    public static void write(long seed, Path directory, boolean dataOnly) throws IOException {
        write(new QuickstartWorld(seed), directory, dataOnly);
    }

    private static void write(QuickstartWorld world, Path directory, boolean dataOnly) throws IOException {
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
