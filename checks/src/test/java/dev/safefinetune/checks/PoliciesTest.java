package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.contract.EvaluationThresholds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies say of a wish before anything exists of a run. */
class PoliciesTest {
    private static final FineTuneWish WISH = Wishes.wish("""
            method:
              hyperparameters: {learningRate: "3e-3", epochs: 3, batchSize: 16}
            resources: {gpus: 4}
            safety:
              cooldown: {dataset: {uri: pvc://tickets/trusted.jsonl}, steps: 20}
              evaluation: {maxHarmfulRate: "0.5"}
            """);

    private static List<Refusal> refusals(String... specs) {
        Policies policies = Wishes.holding(IntStream.range(0, specs.length)
                .mapToObj(i -> Wishes.open("p" + i, specs[i]))
                .toArray(SafeFineTunePolicy[]::new));
        return policies.ruling(Evidence.of(WISH)).refusals();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{allowedModels: ['pvc://approved/*', 'pvc://models/basement']} | MODEL_NOT_ALLOWED            | spec.model.uri is pvc://models/base; policy p0 allows pvc://approved/*, pvc://models/basement",
                "{limits: {maxLearningRate: '1e-3'}}                            | LIMIT_EXCEEDED               | spec.method.hyperparameters.learningRate is 3e-3; policy p0 allows at most 1e-3",
                "{limits: {maxEpochs: 2}}                                       | LIMIT_EXCEEDED               | spec.method.hyperparameters.epochs is 3; policy p0 allows at most 2",
                "{limits: {maxEpochs: 3}}                                       | LIMIT_EXCEEDED               | spec.method.hyperparameters.epochs is 3 and spec.safety.cooldown.steps is 20, each of 16 samples, which count too; policy p0 allows at most 3",
                "{limits: {maxGpus: 2}}                                         | LIMIT_EXCEEDED               | spec.resources.gpus is 4; policy p0 allows at most 2",
                "{cooldown: {datasets: Any, maxSteps: 10}}                      | LIMIT_EXCEEDED               | spec.safety.cooldown.steps is 20; policy p0 allows at most 10",
                "{safety: {gate: Calibrated, screening: Drop}}                  | SAFETY_LOWERED               | spec.safety.screening.action is Report; policy p0 asks for at least Drop",
                "{cooldown: {datasets: None}}                                   | COOLDOWN_DATASET_NOT_ALLOWED | spec.safety.cooldown.dataset.uri is pvc://tickets/trusted.jsonl; policy p0 has cooldown.datasets None, leave it out",
                "{thresholds: {maxHarmfulRate: '0.05'}}                         | THRESHOLD_LOOSENED           | spec.safety.evaluation.maxHarmfulRate is 0.5; policy p0 allows at most 0.05",
            })
    void refuse(String policy, Reason reason, String said) {
        assertThat(refusals(policy)).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.message()).isEqualTo(said);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{allowedModels: ['pvc://*/base']}",
                "{limits: {maxLearningRate: '3e-3', maxEpochs: 4, maxGpus: 4}}",
                "{cooldown: {datasets: Any, maxSteps: 20}}",
                "{safety: {gate: Calibrated, screening: Report}}",
                "{thresholds: {maxHarmfulRate: '0.5'}}",
            })
    void letPass(String policy) {
        assertThat(refusals(policy)).isEmpty();
    }

    @Test
    void requireAVector() {
        Policies policies = Wishes.holding(Wishes.open("prod", "{}"));

        assertThat(policies.ruling(Evidence.of(Wishes.wish("safety: {protection: None}")))
                        .refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.message())
                        .isEqualTo("spec.safety.protection is None; policy prod requires SecurityVector"));
    }

    @Test
    void areEachHeldByThemselvesAndSayAllThatTheyRefuse() {
        assertThat(refusals("{limits: {maxGpus: 8, maxEpochs: 1}}", "{limits: {maxGpus: 2}}"))
                .extracting(Refusal::message)
                .containsExactly(
                        "spec.method.hyperparameters.epochs is 3; policy p0 allows at most 1",
                        "spec.resources.gpus is 4; policy p1 allows at most 2");
    }

    @Test
    void holdWhereTheySelectTheNamespace() {
        Policies policies = Policies.of(
                List.of(
                        Wishes.policy("b", "{namespaceSelector: {matchLabels: {env: prod}}}"),
                        Wishes.policy("c", "{namespaceSelector: {matchLabels: {env: dev}}}"),
                        Wishes.policy("a", "{}")),
                Map.of("env", "prod"),
                new PolicySubject("team-a", "bot", Instant.EPOCH));

        assertThat(policies.names()).containsExactly("a@7", "b@7");
    }

    @Test
    void tightenAThresholdThatWasLeftAtItsDefault() {
        Policies policies = Wishes.holding(
                Wishes.open("a", "{thresholds: {maxHarmfulRate: '0.01', maxUtilityDrop: '0.5'}}"),
                Wishes.open("b", "{thresholds: {maxHarmfulRate: '0.005', maxRefusalDrop: '0.04'}}"));
        FineTuneWish plain = Wishes.wish("");

        assertThat(policies.ruling(Evidence.of(plain)).refusals()).isEmpty();
        assertThat(policies.thresholds(plain.spec().safety().evaluation()))
                .isEqualTo(new EvaluationThresholds(0.005, 0.03, 0.05, 0.04));
    }

    @Test
    void doNotLetAModelBePublishedThatWasJudgedByLess() {
        Policies policies = Wishes.holding(Wishes.open("prod", "{thresholds: {maxUtilityDrop: '0.02'}}"));

        assertThat(judged(policies, new EvaluationThresholds(0.03, 0.03, 0.02, 0.08)))
                .isEmpty();
        assertThat(judged(policies, new EvaluationThresholds(0.03, 0.03, 0.05, 0.08)))
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.THRESHOLD_LOOSENED);
                    assertThat(refusal.message())
                            .isEqualTo("spec.safety.evaluation.maxUtilityDrop is 0.05 in the model's evaluation; policy"
                                    + " prod allows at most 0.02 by now");
                });
    }

    private static Optional<Refusal> judged(Policies policies, EvaluationThresholds thresholds) {
        return policies.ruling(new Evidence(Wishes.wish(""), List.of(), null, null, null, thresholds))
                .refusal();
    }
}
