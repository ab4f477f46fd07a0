package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.CooldownDatasets;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What one policy refuses. */
final class PolicyChecks {
    /** A question of a policy. */
    @FunctionalInterface
    private interface Question {
        Stream<Refusal> ask(SafeFineTunePolicy policy, FineTuneWish wish);
    }

    private static final List<Question> QUESTIONS = List.of(
            // Only models that the policy allows are fine-tuned.
            PolicyChecks::model,
            // Nothing is fine-tuned without a vector where one is required.
            PolicyChecks::vector,
            // A cooldown trains with the vector off: no samples of the user's where none are allowed.
            PolicyChecks::cooldown,
            // High rates and long trainings wear safety down.
            PolicyChecks::learningRate,
            PolicyChecks::epochs,
            // What the pods hold counts, whoever asks for it.
            PolicyChecks::gpus,
            // A model is not judged by less than the policy asks.
            PolicyChecks::thresholds);

    private PolicyChecks() {}

    /** Everything that a policy refuses of a wish. */
    static Stream<Refusal> all(SafeFineTunePolicy policy, FineTuneWish wish) {
        return QUESTIONS.stream().flatMap(question -> question.ask(policy, wish));
    }

    private static Stream<Refusal> model(SafeFineTunePolicy policy, FineTuneWish wish) {
        List<String> models = policy.getSpec().allowedModels();
        String uri = wish.spec().model().uri();
        return models == null || models.stream().anyMatch(pattern -> matches(pattern, uri))
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.MODEL_NOT_ALLOWED,
                        "spec.model.uri",
                        uri,
                        of(policy) + "allows " + String.join(", ", models)));
    }

    private static boolean matches(String pattern, String uri) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return uri.matches(regex.toString());
    }

    private static Stream<Refusal> vector(SafeFineTunePolicy policy, FineTuneWish wish) {
        return policy.getSpec().requireVector() && wish.spec().safety().protection() == Protection.NONE
                ? Stream.of(new Refusal(
                        Reason.VECTOR_REQUIRED,
                        "spec.safety.protection",
                        "None",
                        of(policy) + "requires SecurityVector"))
                : Stream.empty();
    }

    private static Stream<Refusal> cooldown(SafeFineTunePolicy policy, FineTuneWish wish) {
        SourceSpec trusted = wish.spec().safety().cooldown().dataset();
        return trusted != null && policy.getSpec().cooldown().datasets() == CooldownDatasets.NONE
                ? Stream.of(new Refusal(
                        Reason.COOLDOWN_DATASET_NOT_ALLOWED,
                        "spec.safety.cooldown.dataset.uri",
                        trusted.uri(),
                        of(policy) + "has cooldown.datasets None, leave it out"))
                : Stream.empty();
    }

    private static Stream<Refusal> learningRate(SafeFineTunePolicy policy, FineTuneWish wish) {
        String rate = wish.spec().method().hyperparameters().learningRate();
        String limit = policy.getSpec().limits().maxLearningRate();
        return limit == null || Double.parseDouble(rate) <= Double.parseDouble(limit)
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED,
                        "spec.method.hyperparameters.learningRate",
                        rate,
                        allowsAtMost(policy, limit)));
    }

    private static Stream<Refusal> epochs(SafeFineTunePolicy policy, FineTuneWish wish) {
        return epochs(policy, TotalEpochs.of(wish.spec()));
    }

    /** Why a training that is planned is refused. */
    static Stream<Refusal> epochs(SafeFineTunePolicy policy, TotalEpochs total) {
        Integer limit = policy.getSpec().limits().maxEpochs();
        return limit == null || !total.exceeds(limit)
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED, TotalEpochs.FIELD, total.text(limit), allowsAtMost(policy, limit)));
    }

    private static Stream<Refusal> gpus(SafeFineTunePolicy policy, FineTuneWish wish) {
        Integer limit = policy.getSpec().limits().maxGpus();
        return limit == null || wish.gpus().number() <= limit
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED, wish.gpus().field(), wish.gpus().value(), allowsAtMost(policy, limit)));
    }

    private static Stream<Refusal> thresholds(SafeFineTunePolicy policy, FineTuneWish wish) {
        return Stream.of(PolicyThreshold.values())
                .flatMap(threshold ->
                        threshold.refusal(policy, wish.spec().safety().evaluation()));
    }

    static String allowsAtMost(SafeFineTunePolicy policy, Object limit) {
        return of(policy) + "allows at most " + limit;
    }

    private static String of(SafeFineTunePolicy policy) {
        return "policy " + policy.getMetadata().getName() + " ";
    }
}
