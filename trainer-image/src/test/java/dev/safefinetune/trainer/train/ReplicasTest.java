package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.FineTuning;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.checkpoint.TrainingInterrupted;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several devices in one process, here all of them the processors. */
class ReplicasTest {
    private static final ParityCase CASE = ParityCase.open("qwen2");

    private static CausalModel model(int replicas, Precision precision) {
        return CausalModel.load(CASE.checkpoint(), new Placement(precision, Collections.nCopies(replicas, Device.CPU)));
    }

    private static List<EncodedSample> samples() {
        return List.of(CASE.batch(0), CASE.batch(1), CASE.batch(2)).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Gradients of both losses, with a frozen adapter beside the one that learns; one sample a micro-batch. */
    private static float[] gradients(int replicas, Precision precision) {
        try (CausalModel model = model(replicas, precision);
                Adapter learning = Adapter.read(model, CASE.adapter());
                Adapter frozen = Adapter.read(model, CASE.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, learning);
            try (GradientPass pass = new GradientPass(model.network(), trainable, 1)) {
                double sum = pass.likelihood(samples(), List.of(frozen), 0.01);
                double divergence = pass.divergence(samples(), 0.01);
                assertThat(sum).isPositive();
                assertThat(divergence).isPositive();
                assertThat(pass.tokens())
                        .isEqualTo(2L
                                * samples().stream()
                                        .mapToInt(s -> s.length() - 1)
                                        .sum());
            }
            return trainable.gradients().flat().floats();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void replicasChangeTheOrderOfSumsAlone(int replicas) {
        float[] one = gradients(1, Precision.FLOAT32);
        assertThat(ParityCase.relativeError(gradients(replicas, Precision.FLOAT32), one))
                .isLessThan(1e-5);
    }

    @ParameterizedTest
    @EnumSource
    void theSameNumberOfReplicasGivesTheSameBits(Precision precision) {
        assertThat(gradients(2, precision)).isEqualTo(gradients(2, precision));
    }

    private static SortedMap<String, dev.safefinetune.contract.Digest> trained(
            int replicas, TrainingListener listener, Checkpoints checkpoints) {
        FineTuneTask task = FineTuneTask.plain(
                new FineTuning(FineTuning.Method.LORA, Tiny.LORA, Tiny.settings(2, 1e-2, 8, 16)), samples());
        try (CausalModel model = model(replicas, Precision.FLOAT32)) {
            FineTuned tuned = FineTuner.train(model, task, listener, checkpoints);
            try (Adapter adapter = tuned.adapter()) {
                return adapter == null ? Collections.emptySortedMap() : adapter.digests();
            }
        }
    }

    @Test
    void aWholeTrainingGivesTheSameBits() {
        var first = trained(2, TrainingListener.NONE, Checkpoints.NONE);
        assertThat(first).isNotEmpty();
        assertThat(trained(2, TrainingListener.NONE, Checkpoints.NONE)).isEqualTo(first);
        assertThat(trained(1, TrainingListener.NONE, Checkpoints.NONE)).isNotEqualTo(first);
    }

    @Test
    void aReplicaThatFailsEndsTheStepAndNothingHangs() {
        AtomicInteger asked = new AtomicInteger();
        try (CausalModel model = model(2, Precision.FLOAT32);
                Adapter learning = Adapter.read(model, CASE.adapter());
                Scope scope = new Scope()) {
            Trainable trainable = Trainable.of(model.network(), scope, learning);
            MemoryBudget cut = MemoryBudget.ofProcessors(1);
            try (GradientPass pass = new GradientPass(
                    model.network(),
                    trainable,
                    cut,
                    () -> Thread.currentThread().getName().startsWith("replica") && asked.incrementAndGet() == 2)) {
                assertThatThrownBy(() -> pass.likelihood(samples(), List.of(), 0.01))
                        .isInstanceOf(TrainingInterrupted.class);
            }
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void allWeightsAreTrainedOnOneDevice() {
        FineTuneTask task = FineTuneTask.plain(Tiny.full(1, 1e-2), samples());
        try (CausalModel model = model(2, Precision.FLOAT32)) {
            assertThatThrownBy(() -> FineTuner.train(model, task, TrainingListener.NONE))
                    .isInstanceOfSatisfying(TrainerException.class, e -> {
                        assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID);
                        assertThat(e).hasMessageContaining("method Full").hasMessageContaining("2");
                    });
        }
    }
}
