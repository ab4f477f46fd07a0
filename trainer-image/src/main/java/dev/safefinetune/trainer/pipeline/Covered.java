package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.trainer.data.Dataset;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a vector covers: its categories, with how many samples it learned each from. */
final class Covered {
    private Covered() {}

    /** A judgement that tells it. */
    static Readiness told(Readiness judged, Dataset harmful) {
        Map<String, Integer> trained = harmful.samples().stream()
                .map(s -> String.valueOf(s.category()))
                .collect(Collectors.toMap(Function.identity(), c -> 1, Integer::sum));
        SortedMap<String, Readiness.Category> categories = new TreeMap<>();
        judged.categories()
                .forEach((name, c) -> categories.put(
                        name,
                        new Readiness.Category(
                                c.explained(),
                                c.firstTokenCompliance(),
                                c.gradientRatio(),
                                c.n(),
                                trained.getOrDefault(name, 0))));
        return new Readiness(
                judged.verdict(),
                judged.findings(),
                judged.gateDrop(),
                judged.gateShare(),
                judged.replay(),
                judged.firstTokenCompliance(),
                categories,
                judged.benignIncrease(),
                judged.randomExplained(),
                judged.provenSuites(),
                judged.tokenGate());
    }
}
