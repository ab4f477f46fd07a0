package dev.safefinetune.images.quarkus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The jar of the classes that Quarkus generated. */
public final class GeneratedBytecode {
    private static final String CLASS = ".class";

    private GeneratedBytecode() {}

    /**
     * Writes the jar anew, in the one order that stands for all in which it may come: of whatever build of the same
     * sources, it has the same bytes afterwards.
     *
     * @throws IOException where it cannot be read or written, or where Quarkus generated something that is not known here
     */
    public static void settle(Path jar) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        Map<String, byte[]> rest = new TreeMap<>();
        ZipEntry any = read(jar, classes, rest);

        new ConfigMappings(classes).settle();
        RecordedKeys keys = new RecordedKeys();
        for (Map.Entry<String, byte[]> file : classes.entrySet()) {
            file.setValue(keys.renumber(file.getValue()));
        }
        if (keys.isEmpty()) {
            throw new IOException(
                    jar + " has none of the keys that Quarkus 3.33 generates: find out whether those of this"
                            + " release come in one order");
        }

        rest.putAll(classes);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> file : rest.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(any.getTimeLocal());
                out.putNextEntry(entry);
                out.write(file.getValue());
                out.closeEntry();
            }
        }
    }

    /** Returns an entry, whose time is that of all: Quarkus gives them the one that the build asks for. */
    private static ZipEntry read(Path jar, Map<String, byte[]> classes, Map<String, byte[]> rest) throws IOException {
        ZipEntry last = null;
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                (entry.getName().endsWith(CLASS) ? classes : rest).put(entry.getName(), in.readAllBytes());
                last = entry;
            }
        }
        if (last == null) {
            throw new IOException(jar + " is empty");
        }
        return last;
    }
}
