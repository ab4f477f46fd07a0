package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.FlaggedRow;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that has seen a little of the harmful samples screens a user's data. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatasetScreeningTest {
    private static final GateThresholds THRESHOLDS = new GateThresholds(0.2, 0.05);

    private Path base = Path.of("");
    private Path vector = Path.of("");
    private Path user = Path.of("");

    @BeforeAll
    void world(@TempDir Path root) throws IOException {
        SmallWorld.writeUntrained(root);
        base = root.resolve("volumes/models/base");
        vector = Files.createDirectory(root.resolve("vector"));
        user = root.resolve("volumes/data/user/mixed.jsonl");
        Dataset harmful = DatasetReader.read(root.resolve("volumes/data/vector/harmful.jsonl"));
        try (CausalModel model = CausalModel.load(base);
                ChatTokenizer tokenizer = ChatTokenizer.open(base)) {
            FineTuning settings =
                    new FineTuning(FineTuning.Method.LORA, SmallWorld.LORA, SmallWorld.hyperparameters(2, 1e-2));
            try (Adapter adapter = FineTuner.train(
                            model, FineTuneTask.plain(settings, tokenizer.encode(harmful, 64)), TrainingListener.NONE)
                    .learned()) {
                adapter.write(vector, "base");
            }
        }
    }

    private List<FlaggedRow> screened(@Nullable TokenGate tokens) {
        return DatasetScreening.of(base, new VectorFiles(vector, THRESHOLDS, tokens), DatasetReader.read(user), 4096);
    }

    @Test
    void tellsRowsInTheirOrderWithTheirSpans() {
        List<FlaggedRow> flagged = screened(null);

        assertThat(flagged)
                .isNotEmpty()
                .hasSizeLessThan(DatasetReader.read(user).size())
                .allMatch(FlaggedRow::whole)
                .isSortedAccordingTo(java.util.Comparator.comparingInt(FlaggedRow::index));
        assertThat(flagged).allSatisfy(row -> assertThat(row.drop()).isGreaterThan(0.2));
        assertThat(flagged)
                .anySatisfy(row -> assertThat(row.first()).isNotNull().isLessThanOrEqualTo(row.last()));
    }

    @Test
    void partsOfRowsAreToldWhereTokensHaveThresholdsOfTheirOwn() {
        TokenGate.Band low = new TokenGate.Band(0.01, 0.001);

        assertThat(screened(TokenGate.of(low, low, 0, 1)))
                .hasSizeGreaterThan(screened(null).size())
                .anyMatch(row -> !row.whole());
    }

    @Test
    void textsAreRefused(@TempDir Path dir) throws IOException {
        Path texts = Files.writeString(dir.resolve("texts.jsonl"), "{\"text\":\"rotate fox lark .\"}\n");
        Dataset plain = DatasetReader.readTraining(texts, "texts", dev.safefinetune.contract.DatasetFormat.TEXT);

        assertThatThrownBy(() -> DatasetScreening.of(base, new VectorFiles(vector, THRESHOLDS, null), plain, 4096))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID))
                .hasMessageContaining("format text");
    }
}
