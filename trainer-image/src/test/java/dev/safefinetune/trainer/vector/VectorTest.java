package dev.safefinetune.trainer.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.Screening;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.Tiny;
import dev.safefinetune.trainer.train.TrainingListener;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** On a tiny model that knows one task, a vector for another task that it does not know. */
class VectorTest {
    private static final List<EncodedSample> KNOWN = Tiny.samples(96, 1, 3);
    private static final List<EncodedSample> HARMFUL = Tiny.sameAnswer(48, 30, 4);
    private static final List<EncodedSample> HELD_OUT = Tiny.sameAnswer(16, 30, 5);

    private static CausalModel base() {
        CausalModel model = Tiny.model(1);
        FineTuner.train(model, FineTuneTask.plain(Tiny.full(30, 0.01), KNOWN), TrainingListener.NONE);
        return model;
    }

    private static VectorTraining training(double klWeight) {
        return new VectorTraining(
                VectorTraining.Objective.SINGLE_LEVEL, Tiny.LORA, Tiny.settings(40, 0.02, 16, 4096), klWeight);
    }

    @Test
    void explainsHarmfulSamplesThatItNeverSawAndARandomOneDoesNot() {
        try (CausalModel model = base()) {
            SortedMap<String, Digest> before = model.digests();
            VectorTrainer.Trained trained =
                    VectorTrainer.train(model, HARMFUL, KNOWN, training(0), TrainingListener.NONE);
            try (var vector = trained.vector()) {
                assertThat(model.digests()).isEqualTo(before);
                // The frozen head of so small a model bounds how likely one token can become.
                assertThat(trained.floor()).isLessThan(1.5);
                VectorFigures figures = VectorAssessment.measure(
                        model, vector, new TreeMap<>(java.util.Map.of("a", HELD_OUT)), KNOWN, trained.floor(), 4096, 9);
                VectorFigures.Category category =
                        figures.categories().firstEntry().getValue();
                assertThat(category.explained()).isGreaterThan(0.9);
                assertThat(category.firstTokenCompliance()).isGreaterThan(0.9);
                assertThat(category.drops()).hasSize(16);
                assertThat(category.gradientRatio()).isLessThan(0.1);
                assertThat(figures.randomExplained()).isLessThan(category.explained() / 2);
            }
        }
    }

    @Test
    void divergenceTermKeepsOtherBehaviour() {
        try (CausalModel model = base()) {
            double free = benignIncrease(model, 0);
            double kept = benignIncrease(model, 1);
            assertThat(kept).isLessThan(free / 2);
        }
    }

    private static double benignIncrease(CausalModel model, double klWeight) {
        VectorTrainer.Trained trained =
                VectorTrainer.train(model, HARMFUL, KNOWN, training(klWeight), TrainingListener.NONE);
        try (var vector = trained.vector()) {
            assertThat(trained.record().steps())
                    .extracting(StepRecord::divergence)
                    .allSatisfy(d -> {
                        if (klWeight > 0) {
                            assertThat(d).isGreaterThanOrEqualTo(0);
                        } else {
                            assertThat(d).isNull();
                        }
                    });
            List<SampleDrop> drops = Screening.drops(model, vector, KNOWN, 4096);
            assertThat(model.attached()).isEmpty();
            return -drops.stream().mapToDouble(SampleDrop::drop).average().orElseThrow();
        }
    }
}
