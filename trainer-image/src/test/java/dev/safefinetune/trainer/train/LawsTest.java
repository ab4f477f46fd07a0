package dev.safefinetune.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.adapter.MergedWeights;
import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold of any low-rank fine-tuning, whatever the model. */
class LawsTest {
    private static final int LIMIT = 4096;

    /** Sums in another order: a few units in the last place of float32. */
    private static final double ROUNDING = 1e-5;

    @Test
    void freshAdapterGivesTheBasesOutputExactly() {
        try (CausalModel model = Tiny.model(1);
                Adapter adapter = Adapter.create(model, Tiny.LORA, 2)) {
            List<EncodedSample> samples = Tiny.samples(9, 1, 3);
            List<SampleScore> base = model.score(samples, LIMIT);
            model.attach(adapter);
            assertThat(model.score(samples, LIMIT)).isEqualTo(base);
        }
    }

    @Test
    void mergedEqualsUnmerged(@TempDir Path directory) throws IOException {
        List<EncodedSample> samples = Tiny.samples(24, 1, 3);
        try (CausalModel model = Tiny.model(1)) {
            FineTuned tuned =
                    FineTuner.train(model, FineTuneTask.plain(Tiny.lora(4, 0.02), samples), TrainingListener.NONE);
            try (Adapter adapter = tuned.learned();
                    MergedWeights merged = new MergedWeights(model, adapter)) {
                SafetensorsWriter.write(directory.resolve("model.safetensors"), merged.tensors());
                Files.writeString(
                        directory.resolve("config.json"), model.config().toJson());
                model.attach(adapter);
                List<SampleScore> unmerged = model.score(samples, LIMIT);
                try (CausalModel reloaded = CausalModel.load(directory)) {
                    assertThat(reloaded.config()).isEqualTo(model.config());
                    assertClose(reloaded.score(samples, LIMIT), unmerged, 1e-4);
                }
            }
        }
    }

    @Test
    void trainingIsTheSameWhateverTheMicroBatches() {
        List<EncodedSample> samples = Tiny.samples(8, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter adapter = Adapter.create(model, Tiny.LORA, 2);
                Scope scope = new Scope()) {
            Trainable whole = Trainable.of(model.network(), scope, adapter);
            new GradientPass(model.network(), whole, LIMIT).likelihood(samples, List.of(), 0.1);
            Trainable split = Trainable.of(model.network(), scope, adapter);
            GradientPass pass = new GradientPass(model.network(), split, LIMIT);
            for (int i = 0; i < samples.size(); i += 2) {
                pass.likelihood(samples.subList(i, i + 2), List.of(), 0.1);
            }
            Trainable small = Trainable.of(model.network(), scope, adapter);
            new GradientPass(model.network(), small, 1).likelihood(samples, List.of(), 0.1);
            float[] expected = whole.gradients().flat().floats();
            assertThat(ParityCase.relativeError(split.gradients().flat().floats(), expected))
                    .isLessThan(ROUNDING);
            assertThat(ParityCase.relativeError(small.gradients().flat().floats(), expected))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void runningLayersAgainInsteadOfKeepingThemChangesNothing() {
        List<EncodedSample> samples = Tiny.samples(8, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Scope scope = new Scope()) {
            Trainable kept = Trainable.ofWeights(model.network(), scope);
            new GradientPass(model.network(), kept, new MemoryBudget(LIMIT, Long.MAX_VALUE), () -> false)
                    .likelihood(samples, List.of(), 0.1);
            Trainable again = Trainable.ofWeights(model.network(), scope);
            new GradientPass(model.network(), again, new MemoryBudget(LIMIT, 0), () -> false)
                    .likelihood(samples, List.of(), 0.1);
            assertThat(again.gradients().flat().floats())
                    .isEqualTo(kept.gradients().flat().floats());
        }
    }

    @Test
    void documentsOfABatchDoNotSeeEachOther() {
        List<EncodedSample> samples = Tiny.samples(12, 1, 3);
        try (CausalModel model = Tiny.model(1)) {
            List<SampleScore> alone = new ArrayList<>();
            samples.forEach(s -> alone.addAll(model.score(List.of(s), LIMIT)));
            assertClose(model.score(samples, LIMIT), alone, ROUNDING);
        }
    }

    @Test
    void frozenVectorAndWeightsStayAsTheyAre() {
        List<EncodedSample> samples = Tiny.samples(24, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter fresh = Adapter.create(model, Tiny.LORA, 7);
                Adapter real = trained(model, samples);
                Adapter random = Adapter.randomLike(real, 5)) {
            SortedMap<String, Digest> weights = model.digests();
            SortedMap<String, Digest> before = random.digests();
            FineTuneTask task = new FineTuneTask(
                    Tiny.lora(2, 0.01), samples, samples, Safeguard.always(random), Tiny.cooldown(samples, 2));
            try (Adapter user =
                    FineTuner.train(model, task, TrainingListener.NONE).learned()) {
                assertThat(model.digests()).isEqualTo(weights);
                assertThat(random.digests()).isEqualTo(before);
                assertThat(user.digests()).isNotEqualTo(fresh.digests());
                assertThat(model.attached()).isEmpty();
            }
        }
    }

    /** A vector beside the user's adapter is the same as a base into which the vector was merged. */
    @Test
    void severalAdaptersAddUp(@TempDir Path directory) throws IOException {
        List<EncodedSample> samples = Tiny.samples(16, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter real = trained(model, samples);
                Adapter vector = Adapter.randomLike(real, 5);
                Adapter user = Adapter.randomLike(real, 6);
                MergedWeights merged = new MergedWeights(model, vector)) {
            SafetensorsWriter.write(directory.resolve("model.safetensors"), merged.tensors());
            Files.writeString(directory.resolve("config.json"), model.config().toJson());
            model.attach(user);
            List<SampleScore> alone = model.score(samples, LIMIT);
            model.attach(vector);
            List<SampleScore> both = model.score(samples, LIMIT);
            assertThat(both).isNotEqualTo(alone);
            try (CausalModel other = CausalModel.load(directory);
                    Adapter again = Adapter.randomLike(real, 6)) {
                other.attach(again);
                assertClose(other.score(samples, LIMIT), both, 1e-4);
            }
            model.detach(vector);
            assertThat(model.score(samples, LIMIT)).isEqualTo(alone);
        }
    }

    /** The user's gradients with a frozen vector are those on a base into which it was merged. */
    @Test
    void frozenVectorActsOnGradientsAsIfMerged(@TempDir Path directory) throws IOException {
        List<EncodedSample> samples = Tiny.samples(16, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter real = trained(model, samples);
                Adapter vector = Adapter.randomLike(real, 5);
                Adapter user = Adapter.randomLike(real, 6);
                MergedWeights merged = new MergedWeights(model, vector);
                Scope scope = new Scope()) {
            SafetensorsWriter.write(directory.resolve("model.safetensors"), merged.tensors());
            Files.writeString(directory.resolve("config.json"), model.config().toJson());
            Trainable beside = Trainable.of(model.network(), scope, user);
            new GradientPass(model.network(), beside, LIMIT).likelihood(samples, List.of(vector), 0.1);
            try (CausalModel other = CausalModel.load(directory)) {
                Trainable inside = Trainable.of(other.network(), scope, user);
                new GradientPass(other.network(), inside, LIMIT).likelihood(samples, List.of(), 0.1);
                assertThat(ParityCase.relativeError(
                                beside.gradients().flat().floats(),
                                inside.gradients().flat().floats()))
                        .isLessThan(1e-4);
            }
        }
    }

    @Test
    void wholeWeightsLearnBesideAFrozenVectorToo() {
        List<EncodedSample> samples = Tiny.samples(24, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter real = trained(model, samples);
                Adapter vector = Adapter.randomLike(real, 5)) {
            SortedMap<String, Digest> before = vector.digests();
            FineTuneTask task = new FineTuneTask(
                    Tiny.full(4, 0.005), samples, List.of(), Safeguard.always(vector), Tiny.cooldown(samples, 2));
            FineTuned tuned = FineTuner.train(model, task, TrainingListener.NONE);
            assertThat(vector.digests()).isEqualTo(before);
            assertThat(tuned.record().lastLoss())
                    .isLessThan(tuned.record().steps().getFirst().loss());
        }
    }

    private static Adapter trained(CausalModel model, List<EncodedSample> samples) {
        return FineTuner.train(model, FineTuneTask.plain(Tiny.lora(1, 0.01), samples), TrainingListener.NONE)
                .learned();
    }

    @Test
    void sameSeedSameAdapterAndAnotherSeedAnother() {
        List<EncodedSample> samples = Tiny.samples(24, 1, 3);
        try (CausalModel model = Tiny.model(1);
                Adapter one = trained(model, samples);
                Adapter two = trained(model, samples);
                Adapter fresh = Adapter.create(model, Tiny.LORA, 8)) {
            assertThat(two.digests()).isEqualTo(one.digests());
            assertThat(fresh.digests()).isNotEqualTo(one.digests());
        }
    }

    @Test
    void wholeWeightsLearnFromNothing() {
        List<EncodedSample> samples = Tiny.samples(64, 1, 3);
        try (CausalModel model = Tiny.model(1)) {
            SortedMap<String, Digest> before = model.digests();
            FineTuned tuned =
                    FineTuner.train(model, FineTuneTask.plain(Tiny.full(30, 0.01), samples), TrainingListener.NONE);
            assertThat(tuned.adapter()).isNull();
            assertThat(tuned.record().lastLoss()).isLessThan(0.5);
            assertThat(model.digests().keySet()).isEqualTo(before.keySet());
            before.forEach((name, digest) -> assertThat(model.digests()).doesNotContainEntry(name, digest));
        }
    }

    @Test
    void tensorsDoNotPileUpOverSteps() {
        List<EncodedSample> samples = Tiny.samples(64, 1, 3);
        try (CausalModel model = Tiny.model(1)) {
            List<Long> live = new ArrayList<>();
            FineTuneTask task = FineTuneTask.plain(Tiny.lora(5, 0.01), samples);
            // The tables of the position embedding are made at first use and stay.
            model.score(samples, LIMIT);
            long before = Scope.liveTensors();
            try (Adapter adapter = FineTuner.train(model, task, (s, n, t) -> live.add(Scope.liveTensors()))
                    .learned()) {
                assertThat(live).hasSize(40);
                assertThat(live.subList(1, 40)).containsOnly(live.get(1));
                assertThat(adapter).isNotNull();
            }
            assertThat(Scope.liveTensors()).isEqualTo(before);
        }
    }

    @Test
    void newModelsAreTheSameForTheSameSeed() {
        ModelConfig config = ModelConfig.untied(8, 8, 8, 1, 2, 16);
        try (CausalModel one = CausalModel.initialise(config, 3);
                CausalModel two = CausalModel.initialise(config, 3);
                CausalModel other = CausalModel.initialise(config, 4)) {
            assertThat(two.digests()).isEqualTo(one.digests());
            assertThat(other.digests()).isNotEqualTo(one.digests());
        }
    }

    private static void assertClose(List<SampleScore> found, List<SampleScore> expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).index()).isEqualTo(expected.get(i).index());
            assertThat(found.get(i).sumNll()).isCloseTo(expected.get(i).sumNll(), Offset.offset(tolerance));
        }
    }
}
