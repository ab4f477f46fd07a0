package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.pipeline.RunKeys;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code --format} decides beside how rows are read. */
class FormatOptionTest {
    @TempDir
    private Path dir;

    private static FormatOption of(String... arguments) {
        FormatOption option = new FormatOption();
        new CommandLine(option).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return option;
    }

    /** One file may have both, and what was begun on its conversations is not gone on with on its texts. */
    @Test
    void aCheckpointOfTheOtherFormatIsOfAnotherTraining() throws IOException {
        Path file = dir.resolve("both.jsonl");
        Files.writeString(file, """
                {"text": "All of it.", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "No."}]}
                """);
        FormatOption messages = of();
        FormatOption text = of("--format", "text");
        assertThat(messages.read(file).isText()).isFalse();
        assertThat(text.read(file).isText()).isTrue();
        assertThat(key(text, file)).isEqualTo(key(text, file)).isNotEqualTo(key(messages, file));
    }

    private static RunKey key(FormatOption format, Path file) {
        Path model = ParityCase.open("gqa").checkpoint();
        return RunKeys.ofCommand(model, "settings", Map.of(format.input(), file), List.of(Device.CPU));
    }
}
