package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.MethodType;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.Reason;
import java.util.stream.Stream;

/** What the fields of a SafeFineTune ask of each other. */
final class Terms {
    private Terms() {}

    static Stream<Refusal> gpusForAllWeights(FineTuneWish wish) {
        return wish.spec().method().type() != MethodType.FULL || wish.gpus().number() <= 1
                ? Stream.empty()
                : Stream.of(
                        new Refusal(
                                Reason.SPEC_INVALID,
                                "spec.method.type",
                                "Full and " + wish.gpus().stated(),
                                "all weights are trained on one GPU: set spec.resources.gpus to 1, or spec.method.type to LoRA"));
    }

    static Stream<Refusal> suiteWithoutVector(FineTuneWish wish) {
        return wish.spec().safety().protection() != Protection.NONE
                        || wish.spec().safety().evaluation().prompts() != null
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.EVALUATION_MISSING,
                        "spec.safety.evaluation.prompts",
                        "",
                        "is missing; with protection None there is no vector whose requests could be used"));
    }

    static Stream<Refusal> limitsThatASuiteCanShow(FineTuneWish wish) {
        return Stream.of(PolicyThreshold.values())
                .flatMap(
                        threshold -> threshold.withoutSuite(wish.spec().safety().evaluation()));
    }
}
