package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes of an application as the JVM maps them into memory at its start, instead of reading them out of jars.
 *
 * <p>The archive is written from a list of names that is part of the sources, not from what a run at build time happens
 * to load, and inside the image's own file system, because it holds the paths of what it was made from. Its classes are
 * linked already (AOTClassLinking, JEP 483), with the objects that they hold; some of those have read the clock, which
 * therefore stands still. So the same inputs give the same bytes.
 */
final class ClassArchive {
    private static final String LIST = "tmp/classes";
    private static final String WRITTEN = "tmp/classes.jsa";

    private ClassArchive() {}

    /**
     * Writes the archive.
     *
     * @param tree with all that the application needs to start, shared libraries too
     * @param start program and options with which the application is started
     * @param classPath its class path, inside the tree
     * @param names of the classes
     * @param place of the archive, inside the tree
     */
    static void write(RootTree tree, List<String> start, String classPath, Path names, String place)
            throws IOException {
        tree.copy(names, LIST);
        Path devices = Files.createDirectories(tree.at("dev"));
        Path processes = Files.createDirectories(tree.at("proc"));
        List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
        if (!System.getProperty("user.name").equals("root")) {
            command.add("--map-root-user");
        }
        command.addAll(List.of(
                "sh",
                "-ec",
                "mount --rbind /proc \"$0/proc\"; mount --rbind /dev \"$0/dev\"; exec chroot \"$0\" \"$@\"",
                tree.root().toString()));
        command.addAll(start);
        command.addAll(List.of(
                "-Xshare:dump",
                "-XX:+AOTClassLinking",
                "-XX:SharedClassListFile=/" + LIST,
                "-XX:SharedArchiveFile=/" + WRITTEN,
                // Classes on the list that are no more are left out; image-test counts what is still found.
                "-Xlog:disable",
                "-cp",
                "/" + classPath));
        try (FrozenClock clock = FrozenClock.in(tree)) {
            Program.run(command, clock.environment());
        }
        Files.move(tree.at(WRITTEN), tree.at(place), StandardCopyOption.REPLACE_EXISTING);
        RootTree.delete(tree.at("tmp"));
        Files.createDirectory(tree.at("tmp"));
        Files.delete(devices);
        Files.delete(processes);
    }
}
