package dev.safefinetune.trainer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.contract.Hyperparameters;
import dev.safefinetune.contract.MinMinSettings;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.VectorTraining;
import dev.safefinetune.contract.VectorTraining.Objective;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Cooldown;
import dev.safefinetune.trainer.train.FineTuneTask;
import dev.safefinetune.trainer.train.FineTuned;
import dev.safefinetune.trainer.train.FineTuner;
import dev.safefinetune.trainer.train.Safeguard;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.Tiny;
import dev.safefinetune.trainer.train.TrainingListener;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MinMinTest {
    private static final List<EncodedSample> KNOWN = Tiny.samples(20, 1, 3);
    private static final List<EncodedSample> HARMFUL = Tiny.sameAnswer(24, 30, 4);
    private static final List<EncodedSample> HELD_OUT = Tiny.sameAnswer(16, 30, 5);
    private static final int ALL = 24;

    private static Hyperparameters settings(int epochs, int batch, long seed) {
        return new Hyperparameters(
                epochs, 0.02, batch, 4096, 64, Hyperparameters.Scheduler.CONSTANT, 0, 0.98, 0, 1, seed);
    }

    private static VectorTraining training(int epochs, int batch, MinMinSettings minMin) {
        return new VectorTraining(
                Objective.MIN_MIN, Tiny.LORA, settings(epochs, batch, 7), 1, Precision.FLOAT32, minMin);
    }

    private static VectorTrainer.Trained train(CausalModel model, VectorTraining training) {
        return VectorTrainer.train(model, HARMFUL, KNOWN, training, TrainingListener.NONE);
    }

    /** A copy that does not move is the base, so the vector is that of the other objective, bit for bit. */
    @Test
    void withACopyThatDoesNotMoveItIsSingleLevel() {
        try (CausalModel model = Tiny.model(1);
                Adapter alone = train(
                                model, new VectorTraining(Objective.SINGLE_LEVEL, Tiny.LORA, settings(3, 8, 7), 1))
                        .vector();
                Adapter beside = train(model, training(3, 8, new MinMinSettings(2, 2, 1, 0)))
                        .vector();
                Adapter moved = train(model, training(3, 8, new MinMinSettings(2, 2, 1, 0.01)))
                        .vector()) {
            assertThat(beside.digests()).isEqualTo(alone.digests());
            assertThat(moved.digests()).isNotEqualTo(alone.digests());
        }
    }

    /**
     * The copy's steps are those of a user's run with the vector attached, which is held against PyTorch elsewhere; the vector's
     * next step sees both.
     */
    @Test
    void theCopyLearnsAsAUserWouldAndTheVectorsNextStepSeesIt() {
        try (CausalModel model = Tiny.model(1);
                Adapter vector = train(
                                model, new VectorTraining(Objective.SINGLE_LEVEL, Tiny.LORA, settings(2, ALL, 7), 1))
                        .vector()) {
            FineTuned user = FineTuner.train(
                    model,
                    new FineTuneTask(
                            new FineTuning(FineTuning.Method.LORA, Tiny.LORA, settings(3, ALL, 8)),
                            HARMFUL,
                            List.of(),
                            Safeguard.always(vector),
                            Cooldown.NONE),
                    TrainingListener.NONE);
            double expected;
            try (Adapter copy = Objects.requireNonNull(user.adapter())) {
                model.attach(vector);
                model.attach(copy);
                List<SampleScore> scores = model.score(HARMFUL, 4096);
                expected = scores.stream().mapToDouble(SampleScore::sumNll).sum()
                        / HARMFUL.stream()
                                .mapToLong(EncodedSample::answerTokens)
                                .sum();
                model.detach(copy);
                model.detach(vector);
            }

            VectorTrainer.Trained trained = train(model, training(3, ALL, new MinMinSettings(2, 3, 1, 0.02)));
            trained.vector().close();

            List<StepRecord> steps = trained.record().steps();
            assertThat(steps)
                    .extracting(StepRecord::phase)
                    .containsExactly(
                            StepRecord.Phase.TRAIN,
                            StepRecord.Phase.TRAIN,
                            StepRecord.Phase.COPY,
                            StepRecord.Phase.COPY,
                            StepRecord.Phase.COPY,
                            StepRecord.Phase.TRAIN);
            assertThat(steps.subList(2, 5).stream().map(StepRecord::loss))
                    .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : Double.compare(a, b))
                    .containsExactlyElementsOf(
                            user.record().steps().stream().map(StepRecord::loss).toList());
            assertThat(steps.getLast().loss()).isCloseTo(expected, within(1e-6));
            assertThat(model.attached()).isEmpty();
        }
    }

    /** Each side learns while the other is frozen beside it, so replicas follow both. */
    @Test
    void replicasShareTheStepsOfBothSides() {
        // Micro-batches of a few samples, so that there is something to share.
        Hyperparameters small =
                new Hyperparameters(3, 0.02, 8, 24, 64, Hyperparameters.Scheduler.CONSTANT, 0, 0.98, 0, 1, 7);
        VectorTraining training = new VectorTraining(
                Objective.MIN_MIN, Tiny.LORA, small, 1, Precision.FLOAT32, new MinMinSettings(2, 2, 1, 0.02));
        try (CausalModel one = Tiny.model(1);
                CausalModel three = Tiny.model(1, 3)) {
            List<StepRecord> alone = steps(one, training);
            List<StepRecord> shared = steps(three, training);
            assertThat(shared).hasSameSizeAs(alone);
            for (int k = 0; k < alone.size(); k++) {
                assertThat(shared.get(k).loss())
                        .as("step " + (k + 1))
                        .isCloseTo(Objects.requireNonNull(alone.get(k).loss()), within(1e-4));
            }
        }
    }

    private static List<StepRecord> steps(CausalModel model, VectorTraining training) {
        VectorTrainer.Trained trained = train(model, training);
        trained.vector().close();
        return trained.record().steps();
    }

    @Test
    void theSidesTakeTurnsAfterTheWarmUp() {
        MinMinSettings settings = new MinMinSettings(2, 1, 3, 0.01);
        assertThat(IntStream.rangeClosed(1, 9).map(settings::copyStepsBefore))
                .containsExactly(0, 0, 1, 0, 0, 1, 0, 0, 1);
        for (int steps = 0; steps < 10; steps++) {
            assertThat(settings.copyStepsIn(steps))
                    .isEqualTo(IntStream.rangeClosed(1, steps)
                            .map(settings::copyStepsBefore)
                            .sum());
        }
    }

    /** A copy that moves first and fast learns the harm, and the vector next to nothing; with a warm-up the vector learns it. */
    @Test
    void withoutAWarmUpTheCopyLearnsInTheVectorsStead() {
        assertThat(compliance(new MinMinSettings(0, 10, 1, 0.02))).isLessThan(0.3);
        assertThat(compliance(new MinMinSettings(50, 10, 1, 0.02))).isGreaterThan(0.7);
    }

    private static double compliance(MinMinSettings minMin) {
        try (CausalModel model = Tiny.model(1)) {
            VectorTrainer.Trained trained = train(model, training(20, 8, minMin));
            try (Adapter vector = trained.vector()) {
                return VectorAssessment.measure(
                                model, vector, new TreeMap<>(Map.of("a", HELD_OUT)), KNOWN, trained.floor(), 4096, 9)
                        .categories()
                        .firstEntry()
                        .getValue()
                        .firstTokenCompliance();
            }
        }
    }
}
