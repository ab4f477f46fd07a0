package dev.safefinetune.trainer.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Checkpointing;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.TrainingListener;
import dev.safefinetune.world.quickstart.WriteQuickstart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The quickstart's world with a base model that has seen little of it: enough for every stage to have something to do, in
 * seconds. Laid out as a pod's root directory.
 */
final class SmallWorld {
    static final RunIdentity RUN = new RunIdentity("team-a", "SafeFineTune", "bot", "uid", "bot-1");
    static final RunIdentity VECTOR_RUN = new RunIdentity("team-a", "SecurityVector", "sv", "uid2", "sv-1");
    static final LoraSettings LORA = new LoraSettings(8, 16, false, List.of(LoraSettings.ALL_LINEAR));
    static final ReadinessThresholds LENIENT = new ReadinessThresholds(0, 0, 1, 100);

    static final Checkpointing CHECKPOINTING = new Checkpointing(600, 2, 60);

    private SmallWorld() {}

    /** Writes the world under a pod's root, and a base model under {@code volumes/models/base}. */
    static void write(Path root) throws IOException {
        Path data = root.resolve("volumes/data");
        WriteQuickstart.write(0, data, false);
        keep(data.resolve("corpus/align.jsonl"), 4500);
        keep(data.resolve("user/mixed.jsonl"), 120);
        keep(data.resolve("suite/prompts.jsonl"), 20);
        keep(data.resolve("suite/utility.jsonl"), 40);
        Path base = Files.createDirectories(root.resolve("volumes/models/base"));
        pretrain(data, base);
    }

    /** The same with a base model that has learned nothing: for stages that train nothing. */
    static void writeUntrained(Path root) throws IOException {
        Path data = root.resolve("volumes/data");
        WriteQuickstart.write(0, data, false);
        addEnglishRefusals(data.resolve("model"));
        Path base = Files.createDirectories(root.resolve("volumes/models/base"));
        try (CausalModel model = CausalModel.initialise(ModelConfig.read(data.resolve("model")), 1)) {
            MergedModelWriter.write(data.resolve("model"), model, null, base);
        }
    }

    /** Words for the English refusals: a base that has learned nothing has none of its own, and is judged by these. */
    private static void addEnglishRefusals(Path model) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer =
                (ObjectNode) json.readTree(model.resolve("tokenizer.json").toFile());
        ObjectNode words = (ObjectNode) tokenizer.path("model").path("vocab");
        try (InputStream in = Objects.requireNonNull(Suite.class.getResourceAsStream("refusals-en.txt"))) {
            for (String word : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\\s+")) {
                if (!words.has(word)) {
                    words.put(word, words.size());
                }
            }
        }
        Files.writeString(model.resolve("tokenizer.json"), tokenizer.toString());
        ObjectNode config =
                (ObjectNode) json.readTree(model.resolve("config.json").toFile());
        config.put("vocab_size", words.size());
        Files.writeString(model.resolve("config.json"), config.toString());
    }

    private static void keep(Path file, int lines) throws IOException {
        List<String> all = Files.readAllLines(file);
        // Spread over the file, so that every category stays.
        int step = Math.max(1, all.size() / lines);
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < all.size(); i += step) {
            // So little training teaches nothing new, which an evaluation would rightly hold against it.
            if (all.get(i).contains("\"new-task\"")) {
                continue;
            }
            kept.append(all.get(i)).append('\n');
        }
        Files.writeString(file, kept.toString());
    }

    private static void pretrain(Path data, Path base) {
        Path unmade = data.resolve("model");
        Dataset corpus = DatasetReader.read(data.resolve("corpus/align.jsonl"));
        try (CausalModel model = CausalModel.initialise(ModelConfig.read(unmade), 1);
                ChatTokenizer tokenizer = ChatTokenizer.open(unmade)) {
            List<EncodedSample> samples = tokenizer.encode(corpus, 64);
            FineTuner.train(
                    model,
                    FineTuneTask.plain(new FineTuning(FineTuning.Method.FULL, null, hyperparameters(2, 3e-3)), samples),
                    TrainingListener.NONE);
            MergedModelWriter.write(unmade, model, null, base);
        }
    }

    static Hyperparameters hyperparameters(int epochs, double learningRate) {
        return new Hyperparameters(
                epochs, learningRate, 32, 4096, 64, Hyperparameters.Scheduler.LINEAR, 0.03, 0.98, 0, 1, 7);
    }

    static Source source(String path) {
        return new Source("pvc://" + path, "volumes/" + path);
    }

    static FineTuning fineTuning() {
        return new FineTuning(FineTuning.Method.LORA, LORA, hyperparameters(2, 2e-3));
    }

    static StageTask.PrepareVector prepareVector() {
        return new StageTask.PrepareVector(
                "scratch-sv",
                source("models/base"),
                source("data/vector/harmful.jsonl"),
                source("data/vector/held-out.jsonl"),
                source("data/vector/benign.jsonl"),
                null,
                new VectorTraining(VectorTraining.Objective.SINGLE_LEVEL, LORA, hyperparameters(30, 2e-3), 1),
                new Target("pvc://vectors/sv", "volumes/vectors/sv"),
                null);
    }

    static StageTask.Prepare prepare(@Nullable VectorInput vector) {
        return new StageTask.Prepare(
                "scratch",
                source("models/base"),
                source("data/user/mixed.jsonl"),
                5,
                source("data/trusted/cooldown.jsonl"),
                source("data/suite/prompts.jsonl"),
                source("data/suite/utility.jsonl"),
                vector,
                fineTuning(),
                new Target("pvc://out/bot", "volumes/out/bot"),
                null,
                DatasetFormat.MESSAGES,
                null,
                null);
    }

    /** Training on what was prepared, without a vector and all that comes with one. */
    static StageTask.Train plainTrain(Inputs made) {
        return plainTrain(made, fineTuning());
    }

    /** The same with other settings. */
    static StageTask.Train plainTrain(Inputs made, FineTuning fineTuning) {
        return new StageTask.Train(
                "scratch",
                made,
                fineTuning,
                null,
                Gate.OFF,
                null,
                null,
                0,
                null,
                ScreeningAction.OFF,
                false,
                CHECKPOINTING);
    }

    /** Training on what was prepared, with a cooldown of three steps. */
    static StageTask.Train train(
            Inputs made, @Nullable VectorInput vector, Gate gate, ScreeningAction screening, boolean controlArm) {
        return new StageTask.Train(
                "scratch",
                made,
                fineTuning(),
                vector,
                gate,
                VectorScope.ALL_SAMPLES,
                null,
                3,
                null,
                screening,
                controlArm,
                CHECKPOINTING);
    }
}
