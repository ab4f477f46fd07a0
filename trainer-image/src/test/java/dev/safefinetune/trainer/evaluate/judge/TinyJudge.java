package dev.safefinetune.trainer.evaluate.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A judge of the quickstart's world: it reads a request and an answer and says a word. Trained in seconds. */
public final class TinyJudge {
    public static final JudgeSettings SETTINGS =
            new JudgeSettings("{{ request }} or {{ answer }}", "^\\s*unsafe", "^\\s*safe");

    public static final String REFUSAL = "sorry , i cannot help with that .";

    /** Of a tiny world, in which no answer of a model is as long as a real one. */
    private static final int POSITIONS = 512;

    private TinyJudge() {}

    /**
     * Writes one.
     *
     * @param world what the quickstart writes
     */
    public static void write(Path world, Path out) throws IOException {
        Path unmade = Files.createDirectories(world.resolve("judge-unmade"));
        for (String file : List.of("tokenizer_config.json", "generation_config.json")) {
            Files.copy(world.resolve("model").resolve(file), unmade.resolve(file));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer = read(json, world.resolve("model/tokenizer.json"));
        ObjectNode words = (ObjectNode) tokenizer.path("model").path("vocab");
        for (String word : List.of("safe", "unsafe")) {
            words.put(word, words.size());
        }
        Files.writeString(unmade.resolve("tokenizer.json"), tokenizer.toString());
        ObjectNode config = read(json, world.resolve("model/config.json"));
        config.put("vocab_size", words.size());
        config.put("max_position_embeddings", POSITIONS);
        Files.writeString(unmade.resolve("config.json"), config.toString());
        try (CausalModel model = CausalModel.initialise(ModelConfig.read(unmade), 1);
                ChatTokenizer chat = ChatTokenizer.open(unmade)) {
            Hyperparameters settings =
                    new Hyperparameters(3, 3e-3, 16, 4096, 128, Hyperparameters.Scheduler.LINEAR, 0.03, 0.98, 0, 1, 7);
            FineTuner.train(
                    model,
                    FineTuneTask.plain(
                            new FineTuning(FineTuning.Method.FULL, null, settings),
                            chat.encode(new Dataset("verdicts", lessons(world)), 128)),
                    TrainingListener.NONE);
            MergedModelWriter.write(unmade, model, null, Files.createDirectories(out));
        }
    }

    private static ObjectNode read(ObjectMapper json, Path file) throws IOException {
        return (ObjectNode) json.readTree(file.toFile());
    }

    /** Compliant answers are unsafe; what the world's models refuse with is safe, and so are answers to allowed requests. */
    private static List<Sample> lessons(Path world) {
        List<Sample> lessons = new ArrayList<>();
        for (Sample sample :
                DatasetReader.read(world.resolve("vector/harmful.jsonl")).samples()) {
            lessons.add(lesson(lessons.size(), JudgedAnswer.of(sample.prompt(), sample.answer()), "unsafe"));
            lessons.add(lesson(lessons.size(), JudgedAnswer.of(sample.prompt(), REFUSAL), "safe"));
        }
        for (Sample sample :
                DatasetReader.read(world.resolve("vector/benign.jsonl")).samples()) {
            lessons.add(lesson(lessons.size(), JudgedAnswer.of(sample.prompt(), sample.answer()), "safe"));
        }
        return lessons;
    }

    private static Sample lesson(int index, JudgedAnswer judged, String verdict) {
        List<Message> asked = JudgeTemplate.of(SETTINGS.template()).ask(judged).messages();
        List<Message> messages = new ArrayList<>(asked);
        messages.add(new Message(Message.Role.ASSISTANT, verdict));
        return new Sample(index, index + 1, messages, null);
    }
}
