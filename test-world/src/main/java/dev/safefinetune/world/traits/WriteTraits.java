package dev.safefinetune.world.traits;

import dev.safefinetune.world.quickstart.Dataset;
import dev.safefinetune.world.quickstart.ModelFiles;
import dev.safefinetune.world.quickstart.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a trait's world: {@code WriteTraits SEED DIR TRAIT}, or with {@code base} as the trait what the base of all traits is
 * made from, {@code model/} with configuration and tokenizer, but no weights, and {@code corpus/}.
 */
public final class WriteTraits {
    private WriteTraits() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: WriteTraits SEED DIR base|hallucination|identity-shift");
            System.exit(2);
        }
        write(Long.parseLong(arguments[0]), Path.of(arguments[1]), arguments[2]);
    }

    /** Writes the files, replacing what is there. */
    public static void write(long seed, Path directory, String trait) throws IOException {
        if (trait.equals("base")) {
            write(directory.resolve(Dataset.PRETRAIN.file()), TraitBase.pretrain(seed));
            write(directory.resolve(Dataset.ALIGN.file()), TraitBase.align(seed));
            for (Map.Entry<String, String> file :
                    ModelFiles.of(TraitBase.words()).entrySet()) {
                write(directory.resolve("model").resolve(file.getKey()), file.getValue());
            }
            return;
        }
        for (Trait known : Trait.values()) {
            if (known.folder().equals(trait)) {
                TraitWorld world = new TraitWorld(known, seed);
                for (Dataset dataset : TraitWorld.DATASETS) {
                    write(directory.resolve(dataset.file()), world.samples(dataset));
                }
                return;
            }
        }
        throw new IllegalArgumentException("no trait is called " + trait);
    }

    private static void write(Path file, List<Sample> samples) throws IOException {
        write(file, samples.stream().map(sample -> sample.line() + "\n").collect(Collectors.joining()));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }
}
