package dev.safefinetune.world.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theModelHasTheSizeThatTheFiguresWereMeasuredOn() throws IOException {
        JsonNode config = JSON.readTree(ModelFiles.all().get("config.json"));
        long vocabulary = config.get("vocab_size").asLong();
        long hidden = config.get("hidden_size").asLong();
        long layer = 4 * hidden * hidden
                + 3 * hidden * config.get("intermediate_size").asLong()
                + 2 * hidden;

        assertThat(2 * vocabulary * hidden + config.get("num_hidden_layers").asLong() * layer + hidden)
                .isEqualTo(182_464);
    }

    @Test
    void idsOfSpecialTokensAgreeBetweenConfigurationAndTokenizer() throws IOException {
        JsonNode config = JSON.readTree(ModelFiles.all().get("config.json"));
        JsonNode vocabulary = JSON.readTree(ModelFiles.all().get("tokenizer.json"))
                .path("model")
                .path("vocab");

        assertThat(vocabulary.path("<bos>")).isEqualTo(config.get("bos_token_id"));
        assertThat(vocabulary.path("<eos>")).isEqualTo(config.get("eos_token_id"));
        assertThat(vocabulary.path("<pad>")).isEqualTo(config.get("pad_token_id"));
        assertThat(vocabulary.size()).isEqualTo(config.get("vocab_size").asInt());
    }

    @Test
    void writesDataAloneWhereTheBaseIsThereAlready(@TempDir Path directory) throws IOException {
        WriteQuickstart.write(0, directory, true);

        assertThat(directory.resolve("suite/prompts.jsonl")).isRegularFile();
        assertThat(directory.resolve("model")).doesNotExist();
        assertThat(directory.resolve("corpus")).doesNotExist();
    }

    @Test
    void everyLineIsAChatOfOneTurn(@TempDir Path directory) throws IOException {
        WriteQuickstart.write(0, directory, false);

        for (Dataset dataset : Dataset.values()) {
            for (String line : Files.readAllLines(directory.resolve(dataset.file()))) {
                JsonNode messages = JSON.readTree(line).get("messages");
                assertThat(messages.findValuesAsText("role")).containsExactly("user", "assistant");
            }
        }
    }
}
