package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** One of the images: what is in it, and what it says of itself. */
interface Image {
    /** Name of the image and of its program. */
    String name();

    ImagePlan plan() throws IOException;

    /**
     * Puts application and runtime into a tree. The system's files come after it.
     *
     * @param bill to be told of all that is put there
     * @param work a directory for what is needed in between
     */
    void assemble(RootTree tree, Bill bill, Path work) throws IOException;

    /** What is left to do once the tree has all that the application needs to start, and its times. */
    default void finish(RootTree tree) throws IOException {}

    static Map<String, String> labels(BuiltTree built, String title, String description) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("org.opencontainers.image.title", title);
        labels.put("org.opencontainers.image.description", description);
        labels.put("org.opencontainers.image.version", built.version());
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        if (!built.revision().isEmpty()) {
            labels.put("org.opencontainers.image.revision", built.revision());
        }
        return labels;
    }
}
