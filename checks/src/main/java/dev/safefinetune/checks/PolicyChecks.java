package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.CooldownDatasets;
import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.GateMode;
import dev.safefinetune.api.v1alpha1.PolicyRule;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.ScreeningAction;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.contract.EvaluationThresholds;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What one policy refuses. */
final class PolicyChecks {
    /**
     * Something that a policy refuses.
     *
     * @param rule by which it does
     */
    record Objection(PolicyRule rule, Refusal refusal) {}

    /** A question of a policy. */
    @FunctionalInterface
    interface Question {
        Stream<Refusal> ask(PolicyInForce policy, Evidence run);
    }

    /**
     * A question and the rule that it belongs to.
     *
     * @param says what is right, a sentence for the documentation
     */
    record Asked(PolicyRule rule, String says, Question question) {}

    static final List<Asked> QUESTIONS = List.of(
            new Asked(PolicyRule.BASE_MODELS, "`model.uri` is like one of `allowedModels`.", PolicyChecks::model),
            new Asked(
                    PolicyRule.BASE_MODELS,
                    "The base model has one of the digests of `baseModels`, once Prepare has stated it.",
                    PolicyPins::model),
            new Asked(
                    PolicyRule.SECURITY_VECTORS,
                    "Where `requireVector` is true, `safety.protection` is not `None`.",
                    PolicyChecks::vector),
            new Asked(
                    PolicyRule.SECURITY_VECTORS,
                    "Each vector is pinned by `securityVectors`, or comes from one of its namespaces and was held to at least its readiness.",
                    VectorPins::vectors),
            // Whoever is judged does not choose what judges.
            new Asked(
                    PolicyRule.SUITES,
                    "Each suite of the run is one that `suites.pinned` knows, unless `suites.from` is `Any`, or a policy that pins none leaves it to suites of the platform.",
                    PolicyPins::suites),
            new Asked(
                    PolicyRule.SUITES,
                    "Policies that ask one suite of the platform know it by the same digests.",
                    PolicyPins::contradictions),
            new Asked(
                    PolicyRule.SUITES,
                    "At least `suites.minPrompts` harmful requests are asked.",
                    PolicyChecks::prompts),
            new Asked(
                    PolicyRule.SAFETY,
                    "The run's `safety.gate.mode` is at least as strict as the policy's `safety.gate`.",
                    PolicyChecks::gate),
            new Asked(
                    PolicyRule.SAFETY,
                    "The run's `safety.screening.action` is at least as strict as the policy's `safety.screening`.",
                    PolicyChecks::screening),
            // A cooldown trains with the vector off.
            new Asked(
                    PolicyRule.COOLDOWN,
                    "Where `cooldown.datasets` is `None`, the cooldown has no samples of the user's.",
                    PolicyChecks::cooldown),
            new Asked(
                    PolicyRule.COOLDOWN,
                    "Where it is `Pinned`, they have one of the digests of `cooldown.trustedSets`.",
                    PolicyPins::trustedSet),
            new Asked(
                    PolicyRule.COOLDOWN,
                    "The cooldown has at most `cooldown.maxSteps` steps.",
                    PolicyChecks::cooldownSteps),
            // High rates and long trainings wear safety down.
            new Asked(
                    PolicyRule.LIMITS,
                    "The learning rate is at most `limits.maxLearningRate`.",
                    PolicyChecks::learningRate),
            new Asked(
                    PolicyRule.LIMITS,
                    "All epochs together, those of cooldown and repair among them, are at most `limits.maxEpochs`.",
                    PolicyChecks::epochs),
            // Who tries often passes with a luckier model.
            new Asked(
                    PolicyRule.LIMITS,
                    "The run is no later attempt with its base model and dataset than number `limits.maxAttempts`.",
                    PolicyChecks::attempts),
            // What the pods hold counts, whoever asks for it.
            new Asked(PolicyRule.LIMITS, "A pod has at most `limits.maxGpus` GPUs.", PolicyChecks::gpus),
            new Asked(
                    PolicyRule.THRESHOLDS,
                    "The model is judged by limits that are at least as strict as the policy's `thresholds`.",
                    PolicyChecks::thresholds));

    private PolicyChecks() {}

    /** Everything that a policy refuses of a run. */
    static Stream<Objection> all(PolicyInForce policy, Evidence run) {
        return QUESTIONS.stream()
                .flatMap(asked ->
                        asked.question().ask(policy, run).map(refusal -> new Objection(asked.rule(), refusal)));
    }

    private static Stream<Refusal> model(PolicyInForce policy, Evidence run) {
        List<String> models = policy.spec().allowedModels();
        String uri = run.wish().spec().model().uri();
        return models == null || models.stream().anyMatch(pattern -> matches(pattern, uri))
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.MODEL_NOT_ALLOWED,
                        "spec.model.uri",
                        uri,
                        policy.speaks() + "allows " + String.join(", ", models)));
    }

    private static boolean matches(String pattern, String uri) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return uri.matches(regex.toString());
    }

    private static Stream<Refusal> vector(PolicyInForce policy, Evidence run) {
        return policy.spec().requireVector() && run.wish().spec().safety().protection() == Protection.NONE
                ? Stream.of(new Refusal(
                        Reason.VECTOR_REQUIRED,
                        "spec.safety.protection",
                        "None",
                        policy.speaks() + "requires SecurityVector"))
                : Stream.empty();
    }

    private static Stream<Refusal> prompts(PolicyInForce policy, Evidence run) {
        Integer least = policy.spec().suites().minPrompts();
        Integer prompts = run.prompts();
        return least == null || prompts == null || prompts >= least
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.SUITE_NOT_ALLOWED,
                        "spec.safety.evaluation.prompts",
                        "a suite of which " + prompts + " harmful requests are asked",
                        policy.speaks() + "asks for at least " + least + " in suites.minPrompts"));
    }

    private static Stream<Refusal> gate(PolicyInForce policy, Evidence run) {
        GateMode least = policy.spec().safety().gate();
        GateMode mode = run.wish().spec().safety().gate().mode();
        // From strict to mild.
        return least == null || mode.compareTo(least) <= 0
                ? Stream.empty()
                : Stream.of(lowered("spec.safety.gate.mode", mode, least, policy));
    }

    private static Stream<Refusal> screening(PolicyInForce policy, Evidence run) {
        ScreeningAction least = policy.spec().safety().screening();
        ScreeningAction action = run.wish().spec().safety().screening().action();
        // From mild to strict.
        return least == null || action.compareTo(least) >= 0
                ? Stream.empty()
                : Stream.of(lowered("spec.safety.screening.action", action, least, policy));
    }

    private static Refusal lowered(String field, Enum<?> value, Enum<?> least, PolicyInForce policy) {
        return new Refusal(
                Reason.SAFETY_LOWERED,
                field,
                Words.of(value),
                policy.speaks() + "asks for at least " + Words.of(least));
    }

    private static Stream<Refusal> cooldown(PolicyInForce policy, Evidence run) {
        SourceSpec trusted = run.wish().spec().safety().cooldown().dataset();
        return trusted != null && policy.spec().cooldown().datasets() == CooldownDatasets.NONE
                ? Stream.of(new Refusal(
                        Reason.COOLDOWN_DATASET_NOT_ALLOWED,
                        "spec.safety.cooldown.dataset.uri",
                        trusted.uri(),
                        policy.speaks() + "has cooldown.datasets None, leave it out"))
                : Stream.empty();
    }

    private static Stream<Refusal> cooldownSteps(PolicyInForce policy, Evidence run) {
        Integer most = policy.spec().cooldown().maxSteps();
        int steps = TotalEpochs.of(run.wish().spec()).cooldownSteps();
        return most == null || steps <= most
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED,
                        "spec.safety.cooldown.steps",
                        Integer.toString(steps),
                        allowsAtMost(policy.policy(), most)));
    }

    private static Stream<Refusal> learningRate(PolicyInForce policy, Evidence run) {
        String rate = run.wish().spec().method().hyperparameters().learningRate();
        String limit = policy.spec().limits().maxLearningRate();
        return limit == null || Double.parseDouble(rate) <= Double.parseDouble(limit)
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED,
                        "spec.method.hyperparameters.learningRate",
                        rate,
                        allowsAtMost(policy.policy(), limit)));
    }

    /** As far as it is known; what the dataset's rows make of it is known once they are counted. */
    private static Stream<Refusal> epochs(PolicyInForce policy, Evidence run) {
        Integer limit = policy.spec().limits().maxEpochs();
        return limit == null
                ? Stream.empty()
                : Stream.of(TotalEpochs.of(run.wish().spec()), run.planned())
                        .filter(total -> total != null && total.exceeds(limit))
                        .limit(1)
                        .map(total -> new Refusal(
                                Reason.LIMIT_EXCEEDED,
                                TotalEpochs.FIELD,
                                total.text(limit),
                                allowsAtMost(policy.policy(), limit)));
    }

    private static Stream<Refusal> attempts(PolicyInForce policy, Evidence run) {
        Integer most = policy.spec().limits().maxAttempts();
        Integer attempt = run.attempt();
        return most == null || attempt == null || attempt <= most
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED,
                        "spec.dataset.uri",
                        "a dataset that was tried " + (attempt - 1) + " times with this base model and did not pass",
                        allowsAtMost(policy.policy(), most) + " attempts in limits.maxAttempts; mend the data"));
    }

    private static Stream<Refusal> gpus(PolicyInForce policy, Evidence run) {
        Integer limit = policy.spec().limits().maxGpus();
        Gpus gpus = run.wish().gpus();
        return limit == null || gpus.number() <= limit
                ? Stream.empty()
                : Stream.of(new Refusal(
                        Reason.LIMIT_EXCEEDED, gpus.field(), gpus.value(), allowsAtMost(policy.policy(), limit)));
    }

    private static Stream<Refusal> thresholds(PolicyInForce policy, Evidence run) {
        EvaluationSpec wished = run.wish().spec().safety().evaluation();
        EvaluationThresholds judged = run.judged();
        return Stream.of(PolicyThreshold.values())
                .flatMap(threshold -> Stream.concat(
                        threshold.refusal(policy.policy(), wished),
                        judged == null ? Stream.empty() : threshold.refusal(policy.policy(), judged)));
    }

    static String allowsAtMost(SafeFineTunePolicy policy, Object limit) {
        return "policy " + policy.getMetadata().getName() + " allows at most " + limit;
    }
}
