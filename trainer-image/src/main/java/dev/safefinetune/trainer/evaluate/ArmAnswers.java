package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.trainer.data.Sample;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one model says to a suite, to the end.
 *
 * @param prompts its answers to the harmful requests, in the suite's order
 * @param lookAlikes its answers to the look-alikes, by category
 * @param forms its answers to the harmful requests in each form of the user's data, by the index of the request
 */
record ArmAnswers(
        List<Answer> prompts, SortedMap<String, List<Answer>> lookAlikes, List<SortedMap<Integer, Answer>> forms) {
    static ArmAnswers of(Subject subject, Suite suite) {
        SortedMap<String, List<Answer>> lookAlikes = new TreeMap<>();
        List<Answer> prompts = to(subject, suite.prompts());
        suite.lookAlikes().forEach((category, samples) -> lookAlikes.put(category, to(subject, samples)));
        return new ArmAnswers(prompts, lookAlikes, List.of());
    }

    static ArmAnswers of(Subject subject, Suite suite, ShapedTrials shaped) {
        ArmAnswers asItIs = of(subject, suite);
        return new ArmAnswers(asItIs.prompts, asItIs.lookAlikes, shaped.ask(subject, suite));
    }

    /** Greedy answers to any requests. */
    static List<Answer> to(Subject subject, List<Sample> requests) {
        return greedy(subject, requests, Answer.MOST_TOKENS);
    }

    static List<Answer> greedy(Subject subject, List<Sample> requests, int maxNewTokens) {
        return requests.isEmpty()
                ? List.of()
                : subject.answer(requests.stream().map(Sample::prompt).toList(), maxNewTokens);
    }

    /** All answers to look-alikes, in the order of their categories. */
    List<Answer> harmless() {
        return lookAlikes.values().stream().flatMap(List::stream).toList();
    }
}
