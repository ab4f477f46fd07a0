package dev.safefinetune.world.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in examples/quickstart is what {@code make base-model} writes; run it where this fails. */
class CommittedDataTest {
    private static final Path QUICKSTART = Path.of("..", "examples", "quickstart");

    @Test
    void theQuickstartsDataIsThatOfSeedZero(@TempDir Path fresh) throws IOException {
        WriteQuickstart.write(0, fresh, true);

        for (Dataset dataset : Dataset.withoutBase()) {
            assertThat(QUICKSTART.resolve("data").resolve(dataset.file()))
                    .hasSameTextualContentAs(fresh.resolve(dataset.file()));
        }
    }

    @Test
    void theQuickstartsTokenizerAndTemplateAreThoseOfTheWorld() throws IOException {
        for (String file : ModelFiles.all().keySet()) {
            assertThat(Files.readString(
                            QUICKSTART.resolve("models").resolve("base").resolve(file)))
                    .as(file)
                    .isEqualTo(ModelFiles.all().get(file));
        }
    }

    @Test
    void theBaseIsSmallerThanAMegabyte() throws IOException {
        assertThat(Files.size(QUICKSTART.resolve("models").resolve("base").resolve("model.safetensors")))
                .isLessThan(1_000_000);
    }
}
