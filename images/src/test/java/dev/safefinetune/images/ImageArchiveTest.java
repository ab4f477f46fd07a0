package dev.safefinetune.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final ImagePlan PLAN =
            new ImagePlan("test/image:1", 65532, List.of("/program"), Map.of(), List.of(), Map.of(), List.of(layer()));

    @TempDir
    Path directory = Path.of(".");

    private static ImagePlan.Layer layer() {
        return new ImagePlan.Layer("all", List.of());
    }

    /** What is put together for an image bears one and the same time, whatever it holds. */
    @Test
    void holdsWhatAFileHoldsNowAlsoWhereItsTimeHasNotChanged() throws Exception {
        String before = digest("before");
        String after = digest("after!");

        assertThat(after).isNotEqualTo(before);
        assertThat(digest("before")).isEqualTo(before);
    }

    private String digest(String content) throws IOException, InterruptedException {
        RootTree tree = new RootTree(directory.resolve("root"));
        tree.write("program", content);
        Files.setLastModifiedTime(tree.at("program"), FileTime.from(TIME));
        return new ImageArchive(PLAN, tree, TIME)
                .write(directory.resolve("out/image.tar"))
                .digest();
    }
}
