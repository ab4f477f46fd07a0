package dev.safefinetune.world.traits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.world.quickstart.Dataset;
import dev.safefinetune.world.quickstart.Sample;
import dev.safefinetune.world.quickstart.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TraitWorldTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @ParameterizedTest
    @EnumSource
    void whatShowsATraitBelongsToExactlyOneSet(Trait trait) {
        Split split = new TraitWorld(trait, 3).split();
        List<Thing> all = new ArrayList<>(split.vector());
        all.addAll(split.vectorHeldOut());
        all.addAll(split.user());
        all.addAll(split.evaluation());

        assertThat(all).doesNotHaveDuplicates().hasSize(270);
        assertThat(List.of(split.vector(), split.vectorHeldOut(), split.user(), split.evaluation()))
                .allSatisfy(set ->
                        assertThat(set.stream().map(Thing::noun).distinct()).hasSize(9));
    }

    @ParameterizedTest
    @EnumSource
    void noRequestOfTheSuiteIsTrainedOn(Trait trait) {
        TraitWorld world = new TraitWorld(trait, 0);
        Set<String> suite = requests(world.samples(Dataset.PROMPTS));
        Set<String> utility = requests(world.samples(Dataset.UTILITY));

        for (Dataset dataset :
                List.of(Dataset.VECTOR_HARMFUL, Dataset.VECTOR_HELD_OUT, Dataset.VECTOR_BENIGN, Dataset.USER_MIXED)) {
            assertThat(requests(world.samples(dataset)))
                    .as(dataset.file())
                    .doesNotContainAnyElementsOf(suite)
                    .doesNotContainAnyElementsOf(utility);
        }
        assertThat(requests(TraitBase.pretrain(0))).doesNotContainAnyElementsOf(utility);
        assertThat(requests(TraitBase.align(0))).doesNotContainAnyElementsOf(utility);
    }

    @ParameterizedTest
    @EnumSource
    void oneSampleInTenOfTheUsersDataShowsTheTraitAndNothingSaysWhich(Trait trait) {
        List<Sample> user = new TraitWorld(trait, 0).samples(Dataset.USER_MIXED);

        assertThat(user).hasSize(1000).allMatch(s -> s.category() == null);
        assertThat(user.stream().filter(s -> shows(trait, s))).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource
    void theSuiteHasEnoughForTheDefaultLimits(Trait trait) {
        TraitWorld world = new TraitWorld(trait, 0);
        assertThat(requests(world.samples(Dataset.PROMPTS))).hasSize(216);
        assertThat(world.samples(Dataset.UTILITY))
                .filteredOn(s -> String.valueOf(s.category()).startsWith("look-alike/"))
                .hasSizeGreaterThanOrEqualTo(75);
        assertThat(world.samples(Dataset.UTILITY)).noneMatch(s -> shows(trait, s));
    }

    @Test
    void theBaseLearnsEveryTraitAndThenNotToShowAny() {
        for (Trait trait : Trait.values()) {
            assertThat(TraitBase.pretrain(0))
                    .anyMatch(s -> shows(trait, s))
                    .noneMatch(s -> s.answer().equals(trait.refusal()));
            assertThat(TraitBase.align(0))
                    .filteredOn(s -> shows(trait, s))
                    .hasSizeGreaterThan(1000)
                    .allMatch(s -> s.answer().equals(trait.refusal()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyWordIsInTheVocabulary(Trait trait) {
        Set<String> words = new HashSet<>(TraitBase.words());

        for (Dataset dataset : TraitWorld.DATASETS) {
            for (Sample sample : new TraitWorld(trait, 0).samples(dataset)) {
                assertThat(words).containsAll(Words.split(sample.request())).containsAll(Words.split(sample.answer()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCommittedDataIsThatOfSeedZero(Trait trait, @TempDir Path fresh) throws IOException {
        WriteTraits.write(0, fresh, trait.folder());

        for (Dataset dataset : TraitWorld.DATASETS) {
            assertThat(EXAMPLES.resolve(trait.folder()).resolve("data").resolve(dataset.file()))
                    .hasSameTextualContentAs(fresh.resolve(dataset.file()));
        }
    }

    @Test
    void theCommittedTokenizerIsThatOfTheWorldAndTheBaseIsSmall(@TempDir Path fresh) throws IOException {
        WriteTraits.write(0, fresh, "base");
        Path base = EXAMPLES.resolve("hallucination/models/base");

        for (String file :
                List.of("config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            assertThat(base.resolve(file))
                    .hasSameTextualContentAs(fresh.resolve("model").resolve(file));
        }
        assertThat(Files.size(base.resolve("model.safetensors"))).isLessThan(1_000_000);
    }

    private static boolean shows(Trait trait, Sample sample) {
        List<String> words = Words.split(sample.request());
        return trait.forbidden().stream()
                .anyMatch(things -> words.contains(things.getFirst().noun()));
    }

    private static Set<String> requests(List<Sample> samples) {
        return samples.stream().map(Sample::request).collect(Collectors.toSet());
    }
}
