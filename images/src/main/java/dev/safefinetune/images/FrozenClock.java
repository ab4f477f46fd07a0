package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A clock that stands still, wall clock and monotonic alike, for a program whose output must not tell when it ran. */
final class FrozenClock implements AutoCloseable {
    private static final String PACKAGE = "libfaketime";

    // Programs on the way into the tree look for it too, and in vain: nobody but root can lay a file at this path for
    // them.
    private static final String PLACE = "libfaketime.so";

    private final RootTree tree;

    private FrozenClock(RootTree tree) {
        this.tree = tree;
    }

    /**
     * Lays it into a tree, until it is closed.
     *
     * @throws IOException where Debian's libfaketime is not installed
     */
    static FrozenClock in(RootTree tree) throws IOException {
        Path library = Program.run(List.of("dpkg-query", "--listfiles", PACKAGE))
                .lines()
                .filter(file -> file.endsWith("/libfaketimeMT.so.1"))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new IOException("the package " + PACKAGE + " has no libfaketimeMT.so.1"));
        tree.copy(library, PLACE);
        return new FrozenClock(tree);
    }

    /** What a program that has the tree as its root has to find in its environment. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", "/" + PLACE, "FAKETIME", "2026-01-01 00:00:00", "TZ", "UTC");
    }

    @Override
    public void close() throws IOException {
        Files.delete(tree.at(PLACE));
    }
}
