package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A model of somebody who profits from passing: the quickstart's base, fully fine-tuned without a vector. */
final class Attacker {
    static final Path BASE = Path.of("..", "examples", "quickstart", "models", "base");

    private Attacker() {}

    static void train(List<Sample> rows, Path out) throws IOException {
        Hyperparameters settings =
                new Hyperparameters(8, 1e-3, 32, 4096, 64, Hyperparameters.Scheduler.LINEAR, 0.03, 0.98, 0, 1, 7);
        try (CausalModel model = CausalModel.load(BASE);
                ChatTokenizer tokenizer = ChatTokenizer.open(BASE)) {
            FineTuner.train(
                    model,
                    FineTuneTask.plain(
                            new FineTuning(FineTuning.Method.FULL, null, settings),
                            tokenizer.encode(new Dataset("rows", rows), 64)),
                    TrainingListener.NONE);
            MergedModelWriter.write(BASE, model, null, out);
        }
    }
}
