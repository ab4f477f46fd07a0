package dev.safefinetune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.ParityCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationTest {
    private static final int FRESH = 9;

    private static List<int[]> prompts(ParityCase fixtures) {
        List<int[]> prompts = new ArrayList<>();
        for (int batch = 0; batch < 3; batch++) {
            fixtures.batch(batch).forEach(s -> prompts.add(s.tokens()));
        }
        return prompts;
    }

    /** The token that a sample's score finds most likely after a prompt, without any cache. */
    private static int next(CausalModel model, int[] context) {
        for (int token = 0; token < model.config().vocabularySize(); token++) {
            int[] tokens = Arrays.copyOf(context, context.length + 1);
            tokens[context.length] = token;
            boolean[] answer = new boolean[tokens.length];
            answer[context.length] = true;
            if (model.score(List.of(EncodedSample.of(0, tokens, answer)), 1000)
                    .getFirst()
                    .firstTokenHit()) {
                return token;
            }
        }
        throw new AssertionError("no token is the most likely one");
    }

    static Stream<String> cases() {
        return ParityCase.all().filter(name -> !name.equals(ParityCase.BFLOAT16));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void greedyAnswersEqualThoseOfTransformers(String name) {
        ParityCase fixtures = ParityCase.open(name);
        List<int[]> prompts =
                fixtures.batch(0).stream().map(EncodedSample::tokens).toList();
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter adapter = Adapter.read(model, fixtures.adapter())) {
            compareGreedy(model, prompts, fixtures.values().path("baseGreedy"));
            model.attach(adapter);
            compareGreedy(model, prompts, fixtures.values().path("loraGreedy"));
        }
    }

    private static void compareGreedy(CausalModel model, List<int[]> prompts, JsonNode expected) {
        List<int[]> answers = model.generate(prompts, expected.path(0).size(), Set.of());
        assertThat(expected).hasSameSizeAs(answers).isNotEmpty();
        for (int i = 0; i < answers.size(); i++) {
            List<Integer> wanted = new ArrayList<>();
            expected.path(i).forEach(token -> wanted.add(token.intValue()));
            assertThat(wanted).hasSize(16);
            assertThat(answers.get(i))
                    .containsExactly(wanted.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("cases")
    void greedyAnswersEqualThoseWithoutACache(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter adapter = Adapter.read(model, fixtures.adapter())) {
            model.attach(adapter);
            List<int[]> prompts = prompts(fixtures);
            List<int[]> answers = model.generate(prompts, FRESH, Set.of());
            for (int i = 0; i < prompts.size(); i++) {
                int[] context = prompts.get(i);
                assertThat(answers.get(i)).hasSize(FRESH);
                for (int token : answers.get(i)) {
                    assertThat(token).isEqualTo(next(model, context));
                    context = Arrays.copyOf(context, context.length + 1);
                    context[context.length - 1] = token;
                }
            }
        }
    }

    /** Each answer ends at another place, so that the batch is halved several times under the longest one. */
    @ParameterizedTest
    @MethodSource("cases")
    void answersEndBeforeAStopTokenAndLeaveTheOthersAlone(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint())) {
            List<int[]> prompts = new ArrayList<>();
            for (int[] prompt : prompts(fixtures)) {
                for (int length = Math.max(1, prompt.length - 3); length <= prompt.length; length++) {
                    prompts.add(Arrays.copyOf(prompt, length));
                }
            }
            List<int[]> free = model.generate(prompts, FRESH, Set.of());
            Set<Integer> stops = new HashSet<>();
            for (int i = 0; i < prompts.size() - 1; i++) {
                stops.add(free.get(i)[i % FRESH]);
            }
            List<int[]> expected = free.stream()
                    .map(answer -> Arrays.stream(answer)
                            .takeWhile(t -> !stops.contains(t))
                            .toArray())
                    .toList();
            assertThat(expected.stream().map(a -> a.length).distinct().count())
                    .as("several lengths")
                    .isGreaterThan(1);
            List<int[]> stopped = model.generate(prompts, FRESH, stops);
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(stopped.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void continuationsScoreAsWholeSamplesDo(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter adapter = Adapter.read(model, fixtures.adapter())) {
            model.attach(adapter);
            int[] prompt = {1, 5, 9, 33, 12, 40, 21, 17};
            List<int[]> continuations = List.of(
                    new int[] {7, 8, 9, 10},
                    new int[] {7, 8, 11},
                    new int[] {7},
                    new int[] {50, 8, 9, 10, 2},
                    new int[] {7, 8, 9, 10});
            List<ContinuationScore> scores = model.scoreContinuations(prompt, continuations);
            for (int i = 0; i < continuations.size(); i++) {
                int[] tokens = Arrays.copyOf(prompt, prompt.length + continuations.get(i).length);
                boolean[] answer = new boolean[tokens.length];
                for (int j = 0; j < continuations.get(i).length; j++) {
                    tokens[prompt.length + j] = continuations.get(i)[j];
                    answer[prompt.length + j] = true;
                }
                SampleScore whole = model.score(List.of(EncodedSample.of(0, tokens, answer)), 1000)
                        .getFirst();
                assertThat(scores.get(i).tokens()).isEqualTo(continuations.get(i).length);
                assertThat(scores.get(i).logProbability()).isCloseTo(-whole.sumNll(), within(1e-4));
            }
        }
    }
}
