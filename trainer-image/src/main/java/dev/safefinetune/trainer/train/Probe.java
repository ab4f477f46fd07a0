package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Now and then scores a few fixed samples with the vector on and off: the report's curves. */
final class Probe {
    private static final int SAMPLES = 8;
    private static final int TIMES = 10;

    private final CausalModel model;
    private final List<EncodedSample> samples = new ArrayList<>();
    private final @Nullable Adapter vector;
    private final @Nullable Adapter adapter;
    private final int microBatchTokens;
    private final int every;
    private final int steps;
    private final Consumer<ProbeRecord> records;

    Probe(CausalModel model, FineTuneTask task, @Nullable Adapter adapter, int steps, Consumer<ProbeRecord> records) {
        this.records = records;
        this.model = model;
        this.vector = task.vector();
        this.adapter = adapter;
        this.microBatchTokens = task.settings().hyperparameters().microBatchTokens();
        this.every = Math.max(1, (steps + TIMES - 1) / TIMES);
        this.steps = steps;
        int count = Math.min(SAMPLES, task.samples().size());
        for (int i = 0; i < count; i++) {
            samples.add(task.samples().get((int) ((long) i * task.samples().size() / count)));
        }
    }

    /** Scores, if it is time to. */
    void take(int step) {
        if (step % every != 0 && step != steps) {
            return;
        }
        List<Adapter> on = new ArrayList<>();
        if (adapter != null) {
            on.add(adapter);
        }
        double off = loss(on);
        if (vector == null) {
            records.accept(new ProbeRecord(step, off, off));
            return;
        }
        on.add(vector);
        records.accept(new ProbeRecord(step, loss(on), off));
    }

    private double loss(List<Adapter> on) {
        on.forEach(model::attach);
        try {
            List<SampleScore> scores = model.score(samples, microBatchTokens);
            return scores.stream().mapToDouble(SampleScore::sumNll).sum()
                    / scores.stream().mapToInt(SampleScore::answerTokens).sum();
        } finally {
            on.forEach(model::detach);
        }
    }
}
