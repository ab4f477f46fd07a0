package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.observe.FineTuneObservation;
import dev.safefinetune.operator.world.Facts;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.ShippedSettings;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is decided before anything exists of a run. */
class FineTuneDecisionTest {
    private static final DecideSettings SETTINGS = ShippedSettings.deciding(Duration.ofSeconds(30));
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<String> CLAIMS = Set.of("models", "tickets", "red-team", "vectors");
    private static final SecurityVector READY = Manifests.readyVector("team-a", "base");

    private static FineTuneObservation seen(
            SafeFineTune resource, List<SecurityVector> vectors, List<SafeFineTunePolicy> policies) {
        return seen(resource, vectors, policies, CLAIMS, 5);
    }

    private static FineTuneObservation seen(
            SafeFineTune resource,
            List<SecurityVector> vectors,
            List<SafeFineTunePolicy> policies,
            Set<String> claims,
            int secondsLater) {
        String name = resource.getMetadata().getName();
        RunIdentity run = new RunIdentity("team-a", "SafeFineTune", name, "uid-bot", name + "-4");
        return new FineTuneObservation(
                resource,
                Facts.of(MADE.plusSeconds(secondsLater), run, Map.of()),
                vectors,
                null,
                policies,
                Map.of("team", "a"),
                claims,
                List.of(),
                null);
    }

    private static Decision decision(FineTuneObservation seen) {
        return FineTuneDecision.decide(seen, SETTINGS).next();
    }

    @Test
    void beginsWithTheReadyVectorOfTheSameBaseAndItsSuite() {
        Decided decided = FineTuneDecision.decide(seen(Manifests.fineTune(""), List.of(READY), List.of()), SETTINGS);

        assertThat(decided.next()).isInstanceOfSatisfying(Decision.Begin.class, begin -> {
            StageTask.Prepare prepare = (StageTask.Prepare) begin.task();
            assertThat(prepare.prompts()).hasFieldOrPropertyWithValue("path", "volumes/red-team/prompts.jsonl");
            assertThat(String.valueOf(prepare.vector()))
                    .contains("vector/vectors/base", Results.digest('2').value());
        });
        assertThat(String.valueOf(decided.accepted())).contains("name=base");
    }

    private record Refusal(String name, FineTuneObservation seen, Reason reason, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refusal> refusals() {
        String unprotected = """
            safety:
              protection: None
            """;
        String shared = """
            safety:
              vectorRef: {name: base, namespace: platform}
            """;
        SecurityVector elsewhere = Manifests.readyVector("platform", "base");
        SecurityVector allowing = Manifests.readyVector("platform", "base");
        allowing.setSpec(Manifests.read(
                Serialization.asJson(elsewhere.getSpec()).replaceFirst("\\{", "{\"allowedNamespaces\":[\"team-a\"],"),
                SecurityVectorSpec.class));
        SafeFineTune hub = Manifests.fineTune("");
        hub.setSpec(Manifests.read(
                "{model: {uri: \"hf://a/b\"}, dataset: {uri: \"pvc://tickets/t\"}, output: {uri: \"pvc://models/o\"}}",
                SafeFineTuneSpec.class));
        SafeFineTune longName = Manifests.fineTune("");
        longName.getMetadata().setName("b".repeat(60));
        SafeFineTune fast = Manifests.fineTune("""
            method:
              hyperparameters: {learningRate: "3e-3", epochs: 9}
            resources: {gpus: 4}
            """);
        SafeFineTune loose = Manifests.fineTune("""
            safety:
              evaluation: {maxHarmfulRate: "0.5"}
            """);
        return Stream.of(
                new Refusal(
                        "a source that is not served",
                        seen(hub, List.of(READY), List.of()),
                        Reason.URI_NOT_SERVED,
                        "spec.model.uri is hf://a/b"),
                new Refusal(
                        "a name that is too long",
                        seen(longName, List.of(READY), List.of()),
                        Reason.NAME_TOO_LONG,
                        "metadata.name"),
                new Refusal(
                        "no suite at all",
                        seen(Manifests.fineTune(unprotected), List.of(), List.of()),
                        Reason.EVALUATION_MISSING,
                        "spec.safety.evaluation.prompts"),
                new Refusal(
                        "a vector that is not shared",
                        seen(Manifests.fineTune(shared), List.of(elsewhere), List.of()),
                        Reason.VECTOR_NOT_SHARED,
                        "allowedNamespaces"),
                new Refusal(
                        "a vector out of reach",
                        seen(Manifests.fineTune(shared), List.of(allowing), List.of()),
                        Reason.VECTOR_OUT_OF_REACH,
                        "pvc://vectors/base"),
                new Refusal(
                        "a model that a policy does not allow",
                        seen(
                                Manifests.fineTune(""),
                                List.of(READY),
                                List.of(Manifests.open("prod", "{allowedModels: ['pvc://approved/*']}"))),
                        Reason.MODEL_NOT_ALLOWED,
                        "policy prod allows pvc://approved/*"),
                new Refusal(
                        "no protection where a policy requires it",
                        seen(Manifests.fineTune(unprotected), List.of(), List.of(Manifests.open("prod", "{}"))),
                        Reason.VECTOR_REQUIRED,
                        "spec.safety.protection"),
                new Refusal(
                        "a learning rate above the limit",
                        seen(
                                fast,
                                List.of(READY),
                                List.of(Manifests.open("prod", "{limits: {maxLearningRate: '1e-3'}}"))),
                        Reason.LIMIT_EXCEEDED,
                        "spec.method.hyperparameters.learningRate is 3e-3; policy prod allows at most 1e-3"),
                new Refusal(
                        "more epochs than the limit",
                        seen(fast, List.of(READY), List.of(Manifests.open("prod", "{limits: {maxEpochs: 5}}"))),
                        Reason.LIMIT_EXCEEDED,
                        "epochs is 9; policy prod allows at most 5"),
                new Refusal(
                        "more GPUs than the strictest of two policies allows",
                        seen(
                                fast,
                                List.of(READY),
                                List.of(
                                        Manifests.open("wide", "{limits: {maxGpus: 8}}"),
                                        Manifests.open("narrow", "{limits: {maxGpus: 2}}"))),
                        Reason.LIMIT_EXCEEDED,
                        "spec.resources.gpus is 4; policy narrow allows at most 2"),
                new Refusal(
                        "a threshold set looser than a policy's",
                        seen(
                                loose,
                                List.of(READY),
                                List.of(Manifests.open("prod", "{thresholds: {maxHarmfulRate: '0.05'}}"))),
                        Reason.THRESHOLD_LOOSENED,
                        "maxHarmfulRate is 0.5; policy prod allows at most 0.05"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesBeforeAnythingIsCreated(Refusal refusal) {
        assertThat(decision(refusal.seen())).isInstanceOfSatisfying(Decision.Refuse.class, refused -> {
            assertThat(refused.reason()).isEqualTo(refusal.reason());
            assertThat(refused.message()).contains(refusal.said());
        });
    }

    @Test
    void aPolicyOfOtherNamespacesDoesNotMatter() {
        SafeFineTunePolicy others =
                Manifests.policy("others", "{namespaceSelector: {matchLabels: {team: b}}, allowedModels: [none]}");

        assertThat(decision(seen(Manifests.fineTune(""), List.of(READY), List.of(others))))
                .isInstanceOf(Decision.Begin.class);
    }

    private record Waiting(String name, FineTuneObservation seen, Reason reason, boolean stalled) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Waiting> waits() {
        SafeFineTune plain = Manifests.fineTune("");
        SecurityVector training =
                Manifests.vector("team-a", "base", "status: {observedGeneration: 2, phase: Training}\n");
        SecurityVector failed = Manifests.vector("team-a", "base", "status: {observedGeneration: 2, phase: Failed}\n");
        SecurityVector changed = Manifests.readyVector("team-a", "base");
        changed.getMetadata().setGeneration(3L);
        SecurityVector silent = Manifests.vector("team-a", "base", "status: {observedGeneration: 2, phase: Ready}\n");
        Set<String> noTickets = Set.of("models", "red-team", "vectors");
        return Stream.of(
                new Waiting("no vector yet", seen(plain, List.of(), List.of()), Reason.VECTOR_NOT_FOUND, false),
                new Waiting(
                        "no vector for long",
                        seen(plain, List.of(), List.of(), CLAIMS, 31),
                        Reason.VECTOR_NOT_FOUND,
                        true),
                new Waiting(
                        "a named vector that is not there",
                        seen(Manifests.fineTune("safety: {vectorRef: {name: other}}\n"), List.of(READY), List.of()),
                        Reason.VECTOR_NOT_FOUND,
                        false),
                new Waiting(
                        "a vector in training",
                        seen(plain, List.of(training), List.of()),
                        Reason.VECTOR_NOT_READY,
                        false),
                new Waiting(
                        "a vector that has failed",
                        seen(plain, List.of(failed), List.of()),
                        Reason.VECTOR_NOT_READY,
                        true),
                new Waiting(
                        "a vector whose spec has changed since it was ready",
                        seen(plain, List.of(changed), List.of()),
                        Reason.VECTOR_NOT_READY,
                        false),
                new Waiting(
                        "a ready vector without digests",
                        seen(plain, List.of(silent), List.of()),
                        Reason.VECTOR_NOT_READY,
                        true),
                new Waiting(
                        "a claim that is not there yet",
                        seen(plain, List.of(READY), List.of(), noTickets, 5),
                        Reason.VOLUME_NOT_FOUND,
                        false),
                new Waiting(
                        "a claim that is not there for long",
                        seen(plain, List.of(READY), List.of(), noTickets, 31),
                        Reason.VOLUME_NOT_FOUND,
                        true));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void waitsForWhatMayStillCome(Waiting waiting) {
        assertThat(decision(waiting.seen())).isInstanceOfSatisfying(Decision.Wait.class, wait -> {
            assertThat(wait.reason()).isEqualTo(waiting.reason());
            assertThat(wait.stalled()).isEqualTo(waiting.stalled());
            assertThat(wait.message()).isNotBlank();
        });
    }

    @Test
    void waitingForALongTrainingVectorDoesNotStall() {
        SecurityVector training =
                Manifests.vector("team-a", "base", "status: {observedGeneration: 2, phase: Training}\n");

        assertThat(decision(seen(Manifests.fineTune(""), List.of(training), List.of(), CLAIMS, 3600)))
                .isInstanceOfSatisfying(
                        Decision.Wait.class, wait -> assertThat(wait.stalled()).isFalse());
    }
}
