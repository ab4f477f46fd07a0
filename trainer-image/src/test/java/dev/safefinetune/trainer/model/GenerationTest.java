package dev.safefinetune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.ParityCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "tied-bias", "llama3-rope"})
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

    @ParameterizedTest
    @ValueSource(strings = "gqa")
    void answersEndBeforeAStopToken(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint())) {
            List<int[]> prompts = prompts(fixtures);
            List<int[]> free = model.generate(prompts, FRESH, Set.of());
            int stop = free.getFirst()[2];
            List<int[]> stopped = model.generate(prompts, FRESH, Set.of(stop, 63));
            for (int i = 0; i < prompts.size(); i++) {
                int[] expected = Arrays.stream(free.get(i))
                        .takeWhile(t -> t != stop && t != 63)
                        .toArray();
                assertThat(stopped.get(i)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gqa", "tied-bias"})
    void continuationsScoreAsWholeSamplesDo(String name) {
        ParityCase fixtures = ParityCase.open(name);
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter adapter = Adapter.read(model, fixtures.adapter())) {
            model.attach(adapter);
            int[] prompt = {1, 5, 9, 33};
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
