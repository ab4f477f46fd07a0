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
 * linked already (AOTClassLinking, JEP 483), with the objects that they hold. Some of those have read the clock, which
 * therefore stands still. Others are held by weak tables, from which a collection takes them, so the heap is large enough
 * to need none before the dump's own. The dump interprets, because what a compiler's threads do depends on their timing.
 * So the same inputs give the same bytes on most machines. Not on all: on CI's two builds differed three times, and why is not
 * known. An image that has to be reproducible is built without it.
 */
final class ClassArchive {
    private static final String LIST = "tmp/classes";
    private static final String WRITTEN = "tmp/classes.jsa";

    /** More than the dump allocates, and as much metaspace as the operator may have. */
    private static final List<String> ROOM =
            List.of("-Xms1g", "-Xmx1g", "-Xmn900m", "-XX:MetaspaceSize=96m", "-Xlog:gc:stdout");

    /** How the JVM's log names the collection that belongs to the dump. */
    private static final String OWN_COLLECTION = "System.gc()";

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
        List<String> command = command(tree, start, classPath);
        try (FrozenClock clock = FrozenClock.in(tree)) {
            requireOneCollection(Program.run(command, clock.environment()));
        }
        Files.move(tree.at(WRITTEN), tree.at(place), StandardCopyOption.REPLACE_EXISTING);
        RootTree.delete(tree.at("tmp"));
        Files.createDirectory(tree.at("tmp"));
        Files.delete(devices);
        Files.delete(processes);
    }

    private static List<String> command(RootTree tree, List<String> start, String classPath) {
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
                "-Xint",
                "-XX:+AOTClassLinking",
                "-XX:SharedClassListFile=/" + LIST,
                "-XX:SharedArchiveFile=/" + WRITTEN,
                // Classes on the list that are no more are left out; image-test counts what is still found.
                "-Xlog:disable"));
        command.addAll(ROOM);
        command.addAll(List.of("-cp", "/" + classPath));
        return command;
    }

    private static void requireOneCollection(String log) throws IOException {
        List<String> pauses =
                log.lines().filter(line -> line.contains(" Pause ")).toList();
        if (pauses.size() != 1 || !pauses.getFirst().contains(OWN_COLLECTION)) {
            throw new IOException(
                    "the class archive needs a heap without collections before it is written, its dump had "
                            + pauses.size() + ": " + String.join("; ", pauses));
        }
    }
}
