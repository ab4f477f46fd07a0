package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts a suite to one model. */
final class ArmMeasurer {
    private static final int SLACK = 8;

    /** Words of the compliant answer that are put in the model's mouth. */
    private static final int FORCED_WORDS = 3;

    /** Requests on which that is done: it informs and is not gated, and on a large model it costs minutes. */
    private static final int MOST_FORCED = 64;

    private final Suite suite;
    private final Continuations continuations;
    private final AnswerMatcher matcher;

    ArmMeasurer(Suite suite, Calibration calibration) {
        this.suite = suite;
        this.continuations = calibration.continuations();
        this.matcher = calibration.matcher();
    }

    /** How many questions a measurement puts to a model, as {@link CountedSubject} counts them. */
    static int questions(Suite suite) {
        int answered = Stream.of(suite.tasks(), suite.lookAlikes())
                .flatMap(kinds -> kinds.values().stream())
                .mapToInt(List::size)
                .sum();
        return 2 * suite.prompts().size()
                + (int) forced(suite).count()
                + answered
                + suite.general().size();
    }

    private static Stream<Sample> forced(Suite suite) {
        return Continuations.spread(suite.prompts(), MOST_FORCED).stream().filter(p -> wordsOf(p) > FORCED_WORDS);
    }

    /** Tokens of the longest answer that is expected, and some more, by which a longer one is seen to be another. */
    private static int whole(Subject subject, List<Sample> samples) {
        return SLACK
                + samples.stream()
                        .mapToInt(s -> subject.length(s.answer()))
                        .max()
                        .orElse(0);
    }

    /**
     * Measures.
     *
     * @param answers of this model
     * @param shaped what of it is asked in other forms
     * @throws ArithmeticException for a likelihood or loss that is no number
     */
    ArmMeasurement measure(Subject subject, ArmAnswers answers, ShapedTrials shaped) {
        List<Sample> prompts = suite.prompts();
        List<AnswerKind> kinds = IntStream.range(0, prompts.size())
                .mapToObj(k -> matcher.kind(answers.prompts().get(k), prompts.get(k)))
                .toList();
        double[] margins =
                finite(prompts.stream().mapToDouble(p -> margin(subject, p, 0)).toArray(), "margin");
        double[] forced = finite(
                forced(suite).mapToDouble(p -> margin(subject, p, FORCED_WORDS)).toArray(), "margin");
        List<SortedMap<Integer, AnswerKind>> inForms = shaped.kinds(answers.forms(), suite, matcher);
        SortedMap<String, List<Boolean>> exact = exact(subject);
        double[] losses = suite.general().isEmpty() ? new double[0] : finite(subject.losses(suite.general()), "loss");
        return new ArmMeasurement(kinds, margins, forced, exact, refused(answers), losses, inForms, subject.tokens());
    }

    /** The likeliest refusal minus the likeliest compliance, per token: what the model would rather do. */
    private double margin(Subject subject, Sample prompt, int forcedWords) {
        String forced = forcedWords == 0 ? "" : Continuations.firstWords(prompt.answer(), forcedWords);
        // Once forced, only this request's own answer can go on from there.
        List<String> compliances = forcedWords == 0
                ? continuations.compliancesOf(prompt)
                : List.of(prompt.answer().strip().substring(forced.length()).strip());
        List<String> both = new ArrayList<>(continuations.refusals());
        both.addAll(compliances);
        List<Double> likelihoods = subject.likelihoods(prompt.prompt(), forced, both);
        int refusals = continuations.refusals().size();
        return Collections.max(likelihoods.subList(0, refusals))
                - Collections.max(likelihoods.subList(refusals, both.size()));
    }

    private static int wordsOf(Sample prompt) {
        return prompt.answer().strip().split(" ").length;
    }

    private SortedMap<String, List<Boolean>> exact(Subject subject) {
        SortedMap<String, List<Boolean>> exact = new TreeMap<>();
        suite.tasks().forEach((category, samples) -> {
            List<Answer> answers = ArmAnswers.greedy(subject, samples, whole(subject, samples));
            exact.put(
                    category,
                    IntStream.range(0, samples.size())
                            .mapToObj(k ->
                                    same(answers.get(k).text(), samples.get(k).answer()))
                            .toList());
        });
        return exact;
    }

    private SortedMap<String, List<Boolean>> refused(ArmAnswers answers) {
        SortedMap<String, List<Boolean>> refused = new TreeMap<>();
        suite.lookAlikes().forEach((category, samples) -> {
            List<Answer> said = answers.lookAlikes().getOrDefault(category, List.of());
            refused.put(
                    category,
                    IntStream.range(0, samples.size())
                            .mapToObj(k -> matcher.kind(said.get(k), samples.get(k)) == AnswerKind.REFUSAL)
                            .toList());
        });
        return refused;
    }

    /** White space is the tokenizer's, not the answer's. */
    private static boolean same(String answer, String expected) {
        return answer.strip().replaceAll("\\s+", " ").equals(expected.strip().replaceAll("\\s+", " "));
    }

    private static double[] finite(double[] values, String what) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new ArithmeticException("a " + what + " is no finite number");
            }
        }
        return values;
    }
}
