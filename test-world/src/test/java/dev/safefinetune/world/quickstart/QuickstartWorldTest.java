package dev.safefinetune.world.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuickstartWorldTest {
    private static final Set<Dataset> NEW_TASK = Set.of(Dataset.USER_MIXED, Dataset.UTILITY);

    private final QuickstartWorld world = new QuickstartWorld(0);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 77})
    void everyForbiddenRecipeBelongsToExactlyOneSet(long seed) {
        Split split = new QuickstartWorld(seed).split();
        List<Recipe> all = new ArrayList<>(split.vector());
        all.addAll(split.vectorHeldOut());
        all.addAll(split.user());
        all.addAll(split.evaluation());

        assertThat(all).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(Recipe.of(Noun.FORBIDDEN));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 77})
    void noForbiddenThingOfOneSetIsAskedForInAnother(long seed) {
        QuickstartWorld other = new QuickstartWorld(seed);
        List<Set<String>> things = List.of(
                forbiddenThings(other.samples(Dataset.VECTOR_HARMFUL)),
                forbiddenThings(other.samples(Dataset.VECTOR_HELD_OUT)),
                forbiddenThings(union(other.samples(Dataset.USER_MIXED), other.samples(Dataset.USER_HARMFUL))),
                forbiddenThings(other.samples(Dataset.PROMPTS)));

        for (Set<String> first : things) {
            assertThat(first).isNotEmpty();
            for (Set<String> second : things) {
                if (first != second) {
                    assertThat(first).doesNotContainAnyElementsOf(second);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dataset.class,
            names = {"VECTOR_BENIGN", "USER_MIXED", "COOLDOWN", "PRETRAIN", "ALIGN"})
    void noRequestOfTheSuiteIsTrainedOn(Dataset training) {
        Set<String> trained = requests(world.samples(training));

        assertThat(trained).doesNotContainAnyElementsOf(requests(world.samples(Dataset.UTILITY)));
        if (!training.ofBase()) {
            assertThat(trained).doesNotContainAnyElementsOf(requests(world.samples(Dataset.PROMPTS)));
        }
    }

    @Test
    void theSuiteOfOneSeedIsHeldOutFromTheDataOfAnother() {
        assertThat(requests(new QuickstartWorld(1).samples(Dataset.USER_MIXED)))
                .doesNotContainAnyElementsOf(requests(world.samples(Dataset.UTILITY)));
    }

    @Test
    void heldOutSetsUseOnlyHeldOutPhrasings() {
        Set<String> heldOut = starts(Phrasing.HELD_OUT);
        assertThat(world.samples(Dataset.PROMPTS)).allMatch(s -> startsWithAny(s, heldOut));
        assertThat(world.samples(Dataset.VECTOR_HELD_OUT)).allMatch(s -> startsWithAny(s, heldOut));
        assertThat(world.samples(Dataset.VECTOR_HARMFUL)).noneMatch(s -> startsWithAny(s, heldOut));
        assertThat(world.samples(Dataset.USER_MIXED)).noneMatch(s -> startsWithAny(s, heldOut));
    }

    @Test
    void onlyTheUsersOwnSamplesTeachTheNewTask() {
        for (Dataset dataset : Dataset.values()) {
            boolean teaches =
                    world.samples(dataset).stream().anyMatch(s -> s.request().startsWith("rotate "));
            assertThat(teaches).as(dataset.file()).isEqualTo(NEW_TASK.contains(dataset));
        }
    }

    @Test
    void oneSampleInTenOfTheUsersDataIsHarmfulAndNothingSaysWhich() {
        List<Sample> user = world.samples(Dataset.USER_MIXED);

        assertThat(user).hasSize(1000).allMatch(s -> s.category() == null);
        assertThat(user.stream().filter(QuickstartWorldTest::isForbidden)).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.4})
    void anotherShareOfHarmfulSamplesLeavesAllElseAsItIs(double share) {
        QuickstartWorld other = new QuickstartWorld(0, share);

        assertThat(other.samples(Dataset.USER_MIXED)).hasSize(1000);
        assertThat(other.samples(Dataset.USER_MIXED).stream().filter(QuickstartWorldTest::isForbidden))
                .hasSize((int) (1000 * share));
        assertThat(other.samples(Dataset.PROMPTS)).isEqualTo(world.samples(Dataset.PROMPTS));
        assertThat(other.samples(Dataset.VECTOR_HARMFUL)).isEqualTo(world.samples(Dataset.VECTOR_HARMFUL));
    }

    @Test
    void theRecipesAmongTheVectorsBenignSamplesAreCalledLookAlikes() {
        assertThat(world.samples(Dataset.VECTOR_BENIGN))
                .filteredOn(s -> "look-alike/recipe".equals(s.category()))
                .hasSizeGreaterThan(50);
    }

    @Test
    void trustedAndBenignSamplesAreBenign() {
        assertThat(union(world.samples(Dataset.COOLDOWN), world.samples(Dataset.VECTOR_BENIGN)))
                .noneMatch(QuickstartWorldTest::isForbidden);
    }

    @Test
    void theBaseLearnsToRefuseWhatIsForbiddenAndOnlyThat() {
        assertThat(world.samples(Dataset.ALIGN))
                .allMatch(s -> isForbidden(s) == s.answer().equals(Recipe.REFUSAL));
        assertThat(world.samples(Dataset.PRETRAIN)).noneMatch(s -> s.answer().equals(Recipe.REFUSAL));
    }

    @Test
    void theSuiteAsksForEachRecipeOnceOrTwiceInOtherWords() {
        List<Sample> prompts = world.samples(Dataset.PROMPTS);

        assertThat(requests(prompts)).hasSize(216);
        assertThat(prompts).hasSize(216);
        assertThat(forbiddenThings(prompts.subList(0, 135))).hasSize(135);
        assertThat(forbiddenThings(prompts.subList(135, 216))).hasSize(81);
        assertThat(forbiddenThings(prompts)).hasSize(135);
    }

    @ParameterizedTest
    @EnumSource(Dataset.class)
    void theSameSeedGivesTheSameSamplesAndAnotherSeedOthers(Dataset dataset) {
        assertThat(new QuickstartWorld(0).samples(dataset)).isEqualTo(world.samples(dataset));
        assertThat(new QuickstartWorld(1).samples(dataset)).isNotEqualTo(world.samples(dataset));
    }

    @ParameterizedTest
    @EnumSource(Dataset.class)
    void everyWordIsInTheVocabulary(Dataset dataset) {
        Set<String> words = new HashSet<>(Words.all());

        for (Sample sample : world.samples(dataset)) {
            assertThat(words).containsAll(Words.split(sample.request()));
            assertThat(words).containsAll(Words.split(sample.answer()));
        }
    }

    private static boolean isForbidden(Sample sample) {
        return Noun.FORBIDDEN.stream()
                .anyMatch(noun -> Words.split(sample.request()).contains(noun.word()));
    }

    /** The two words of every forbidden thing asked for. */
    private static Set<String> forbiddenThings(List<Sample> samples) {
        Set<String> things = new HashSet<>();
        for (Sample sample : samples) {
            List<String> words = Words.split(sample.request());
            for (Noun noun : Noun.FORBIDDEN) {
                int at = words.indexOf(noun.word());
                if (at > 0) {
                    things.add(words.get(at - 1) + " " + noun.word());
                }
            }
        }
        return things;
    }

    private static Set<String> requests(List<Sample> samples) {
        return samples.stream().map(Sample::request).collect(Collectors.toSet());
    }

    private static Set<String> starts(List<Phrasing> phrasings) {
        return phrasings.stream()
                .map(p -> p.form().substring(0, p.form().indexOf('%')))
                .collect(Collectors.toSet());
    }

    private static boolean startsWithAny(Sample sample, Set<String> starts) {
        return starts.stream().anyMatch(start -> sample.request().startsWith(start));
    }

    private static List<Sample> union(List<Sample> first, List<Sample> second) {
        List<Sample> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
