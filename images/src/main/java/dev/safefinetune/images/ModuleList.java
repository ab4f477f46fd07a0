package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of the JDK's modules a runtime has. A file of lines: {@code keep MODULE what for}, {@code leave MODULE why not},
 * {@code without-resources PATTERN} and {@code without-files PATTERN} (jlink's), and comments after {@code #}.
 *
 * @param kept modules of the runtime
 * @param left modules that the application's classes name and that it does without
 * @param withoutResources resources that are left out of modules that are kept
 * @param withoutFiles files that are left out of modules that are kept
 */
record ModuleList(List<String> kept, List<String> left, List<String> withoutResources, List<String> withoutFiles) {
    static ModuleList read(Path file) throws IOException {
        ModuleList list = new ModuleList(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String[] words = line.strip().split("\\s+", 3);
            if (words[0].isEmpty() || words[0].startsWith("#")) {
                continue;
            }
            if (words.length < 2) {
                throw new IOException("%s:%d: '%s' names nothing".formatted(file, number, line));
            }
            switch (words[0]) {
                case "keep" -> list.kept.add(words[1]);
                case "leave" -> list.left.add(words[1]);
                case "without-resources" -> list.withoutResources.add(words[1]);
                case "without-files" -> list.withoutFiles.add(words[1]);
                default ->
                    throw new IOException(
                            "%s:%d: a line begins with keep, leave, without-resources or without-files, not with '%s'"
                                    .formatted(file, number, words[0]));
            }
        }
        return new ModuleList(
                List.copyOf(list.kept),
                List.copyOf(list.left),
                List.copyOf(list.withoutResources),
                List.copyOf(list.withoutFiles));
    }
}
