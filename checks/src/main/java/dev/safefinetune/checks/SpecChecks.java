package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import java.util.List;

/** What is wrong with a wish although its schema accepts it, whoever asks and whatever the policies say. */
public final class SpecChecks {
    private static final String SERVED =
            "Each URI is one that this release serves: a path on a volume claim (`pvc://CLAIM/PATH`).";
    private static final String APART = "What is published does not lie where the run reads, nor around or below it.";

    /** Of a SafeFineTune. */
    public static final List<Check<FineTuneWish>> FINE_TUNE = List.of(
            new Check<>(SERVED, wish -> Places.served(NamedPlaces.of(wish.spec()))),
            new Check<>(APART, wish -> Places.apart(NamedPlaces.of(wish.spec()))),
            new Check<>("With `method.type: Full`, a pod has at most one GPU.", Terms::gpusForAllWeights),
            new Check<>(
                    "With `protection: None`, `safety.evaluation.prompts` is given: there is no vector whose suite could be used.",
                    Terms::suiteWithoutVector),
            new Check<>(
                    "Each limit of `safety.evaluation` is one that a suite of finite size can show.",
                    Terms::limitsThatASuiteCanShow));

    /** Of a SecurityVector. */
    public static final List<Check<SecurityVectorSpec>> VECTOR = List.of(
            new Check<>(SERVED, spec -> Places.served(NamedPlaces.of(spec))),
            new Check<>(APART, spec -> Places.apart(NamedPlaces.of(spec))));

    private SpecChecks() {}
}
