package dev.safefinetune.trainer.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelsPageTest {
    /** The last bits of a float32 differ between processors, so figures may. */
    private static String withoutFigures(String page) {
        return page.replaceAll("\\d+e-\\d+", "#");
    }

    @Test
    void docsModelsIsWhatTheListOfFamiliesSays() throws IOException {
        String written = Files.readString(Path.of("..", "docs", "models.md"));
        assertThat(withoutFigures(written)).isEqualTo(withoutFigures(ModelsPage.page()));
    }
}
