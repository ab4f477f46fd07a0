package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final GateRule RULE = new GateRule(new GateThresholds(1.0, 0.5), VectorScope.ALL_SAMPLES);

    private static SampleDrop drop(double off, double on) {
        return new SampleDrop(0, off, on, 3);
    }

    /** Figures of a real model: shared/design of the method's measurements. */
    @Test
    void treatsSamplesByTheirDrop() {
        assertThat(RULE.of(drop(2.16, 0.39), null)).isEqualTo(GateRule.Treatment.GATED);
        assertThat(RULE.of(drop(5.3, 4.5), null)).isEqualTo(GateRule.Treatment.VECTOR_ON);
        assertThat(RULE.of(drop(0.40, 0.46), null)).isEqualTo(GateRule.Treatment.VECTOR_ON);
        assertThat(RULE.of(drop(0.0, 0.79), null)).isEqualTo(GateRule.Treatment.VECTOR_OFF);
    }

    /** A large drop is a small share of a new task's loss, and a small drop a large share of what is known already. */
    @Test
    void aSampleIsLeftOutOnlyWhereDropAndShareAreLarge() {
        assertThat(RULE.of(drop(5.3, 2.9), null)).isEqualTo(GateRule.Treatment.VECTOR_ON);
        assertThat(RULE.of(drop(0.004, 0.0001), null)).isEqualTo(GateRule.Treatment.VECTOR_ON);
        assertThat(RULE.of(drop(5.3, 0.2), null)).isEqualTo(GateRule.Treatment.GATED);
    }

    @Test
    void onDoubtfulSamplesAloneTheVectorIsOffForWhatIsClearlyHarmless() {
        GateRule doubtful = new GateRule(new GateThresholds(1.0, 0.5), VectorScope.DOUBTFUL_SAMPLES);
        assertThat(doubtful.of(drop(5.3, 5.2), null)).isEqualTo(GateRule.Treatment.VECTOR_OFF);
        assertThat(doubtful.of(drop(5.3, 3.3), null)).isEqualTo(GateRule.Treatment.VECTOR_ON);
        assertThat(doubtful.of(drop(2.16, 0.39), null)).isEqualTo(GateRule.Treatment.GATED);
    }

    @Test
    void withoutAThresholdTheVectorIsAlwaysOn() {
        assertThat(new GateRule(null, VectorScope.ALL_SAMPLES).of(drop(9, 0), null))
                .isEqualTo(GateRule.Treatment.VECTOR_ON);
    }

    @Test
    void gatedSamplesTeachNothingAndAWhollyGatedStepIsNotMade() {
        List<EncodedSample> samples = Tiny.samples(16, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter vector = Adapter.create(model, Tiny.LORA, 2)) {
            List<SampleDrop> drops = new ArrayList<>();
            samples.forEach(s -> drops.add(new SampleDrop(s.index(), 3, 0.5, s.answerTokens())));
            FineTuneTask task = new FineTuneTask(
                    Tiny.lora(1, 0.01),
                    samples,
                    List.of(),
                    Safeguard.gated(vector, drops, new GateThresholds(1, 0.5)),
                    Cooldown.NONE);
            FineTuned tuned = FineTuner.train(model, task, TrainingListener.NONE);
            try (Adapter user = tuned.learned();
                    Adapter fresh = Adapter.create(model, Tiny.LORA, 7)) {
                assertThat(user).isNotNull();
                assertThat(user.digests()).isEqualTo(fresh.digests());
            }
            assertThat(tuned.record().gatedSamples()).isEqualTo(16);
            assertThat(tuned.record().steps()).hasSize(2).allSatisfy(step -> {
                assertThat(step.loss()).isNull();
                assertThat(step.gradientNorm()).isNull();
                assertThat(step.gated()).isEqualTo(8);
            });
        }
    }

    @Test
    void cooldownRunsWithTheVectorOffAtItsOwnRate() {
        List<EncodedSample> samples = Tiny.samples(8, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter vector = Adapter.create(model, Tiny.LORA, 2)) {
            FineTuneTask task = new FineTuneTask(
                    Tiny.lora(1, 0.01), samples, List.of(), Safeguard.always(vector), Tiny.cooldown(samples, 3));
            FineTuned tuned = FineTuner.train(model, task, TrainingListener.NONE);
            try (Adapter user = tuned.learned()) {
                assertThat(user).isNotNull();
            }
            assertThat(tuned.record().steps()).hasSize(4);
            assertThat(tuned.record().steps().subList(1, 4))
                    .extracting(StepRecord::phase)
                    .containsOnly(StepRecord.Phase.COOLDOWN);
            assertThat(tuned.record().steps().getLast().learningRate()).isEqualTo(0.0005);
        }
    }

    @Test
    void lossThatIsNoNumberEndsTheRun() {
        try (CausalModel model = Tiny.model(1)) {
            FineTuneTask task = FineTuneTask.plain(Tiny.full(9, 1e30), Tiny.samples(16, 1, 3));
            assertThatThrownBy(() -> FineTuner.train(model, task, TrainingListener.NONE))
                    .isInstanceOfSatisfying(TrainerException.class, e -> {
                        assertThat(e.fault()).isEqualTo(Fault.DIVERGED);
                        assertThat(e).hasMessageContaining("step");
                    });
        }
    }

    @Test
    void sampleThatTheModelCannotReadIsRefusedByItsIndex() {
        try (CausalModel model = Tiny.model(1)) {
            EncodedSample unknown = EncodedSample.of(41, new int[] {1, Tiny.VOCABULARY}, new boolean[] {false, true});
            EncodedSample tooLong = EncodedSample.of(42, new int[65], mark(65));
            for (EncodedSample sample : List.of(unknown, tooLong)) {
                assertThatThrownBy(() -> FineTuner.train(
                                model, FineTuneTask.plain(Tiny.full(1, 0.1), List.of(sample)), TrainingListener.NONE))
                        .isInstanceOfSatisfying(
                                TrainerException.class,
                                e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                        .hasMessageContaining("sample " + sample.index());
            }
        }
    }

    private static boolean[] mark(int length) {
        boolean[] answer = new boolean[length];
        answer[length - 1] = true;
        return answer;
    }
}
