package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.observe.JobControl;
import dev.safefinetune.operator.observe.PodFacts;
import dev.safefinetune.operator.observe.PodFacts.Termination;
import dev.safefinetune.operator.observe.Recorded;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.observe.StageFacts.SpecFacts;
import dev.safefinetune.operator.observe.StageFacts.State;
import dev.safefinetune.operator.observe.VectorObservation;
import dev.safefinetune.operator.plan.Fingerprint;
import dev.safefinetune.operator.plan.VectorTasks;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a vector's training, as its Job shows it, to what follows. */
class StageWalkTest {
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final RunIdentity RUN = new RunIdentity("team-a", "SecurityVector", "base", "uid-vector", "base-2");
    private static final String JOB = "base-2-train-vector";
    private static final SecurityVector VECTOR = Manifests.vector("team-a", "base", "");
    private static final JobSpec SPEC = new JobSpec(
            JobSpec.VERSION,
            RUN,
            new VectorTasks(VECTOR.getSpec(), false).train(Inputs.of(Map.of(Inputs.MODEL, Results.digest('a')))),
            null);
    private static final String TEXT = ContractJson.write(SPEC);
    private static final String DIGEST = Fingerprint.of(TEXT).value();

    /** The stage's Job, whose pod, where it has ended, states a good result. */
    private static StageFacts training(State state, @Nullable String digest) {
        return training(state, digest, false, Results.good(SPEC));
    }

    private static StageFacts training(State state, @Nullable String digest, boolean inTemplate, StageResult result) {
        PodFacts pod = new PodFacts(
                JOB + "-x1",
                "uid-pod",
                "Succeeded",
                null,
                MADE,
                null,
                new Termination(0, "Completed", ContractJson.write(result)));
        boolean over = state != State.ACTIVE;
        return new StageFacts(
                JOB,
                state,
                null,
                MADE,
                over ? MADE.plusSeconds(60) : null,
                over ? List.of(pod) : List.of(),
                digest,
                state == State.COMPLETE ? new SpecFacts(TEXT, MADE, inTemplate) : null,
                JobControl.FREE);
    }

    private static Decided decided(SecurityVector vector, StageFacts training, Recorded recorded) {
        RunFacts bare = Facts.of(MADE.plusSeconds(90), RUN, Map.of(Stage.TRAIN_VECTOR, training));
        RunFacts run = new RunFacts(
                bare.now(),
                RUN,
                bare.wish(),
                bare.wishParts(),
                recorded,
                bare.stages(),
                bare.objects(),
                bare.unbound());
        return VectorDecision.decide(
                new VectorObservation(vector, run, Set.of("models", "red-team", "vectors"), List.of()),
                ShippedSettings.deciding(Duration.ofSeconds(30)));
    }

    @Test
    void goesOnFromAJobThatSaysWhatItWasMadeFor() {
        assertThat(decided(VECTOR, training(State.COMPLETE, DIGEST), Recorded.NOTHING)
                        .next())
                .isInstanceOfSatisfying(
                        Decision.Begin.class,
                        begin -> assertThat(begin.task().stage()).isEqualTo(Stage.ASSESS));
    }

    @Test
    void anotherDigestThanThatOfTheJobSpecEndsTheRun() {
        assertThat(decided(VECTOR, training(State.COMPLETE, "sha256:other"), Recorded.NOTHING)
                        .next())
                .isInstanceOfSatisfying(Decision.Fail.class, fail -> {
                    assertThat(fail.reason()).isEqualTo(Reason.JOB_SPEC_LOST);
                    assertThat(fail.message()).contains("does not hold what was written for the Job");
                });
    }

    @Test
    void aPodThatHasReadWhatTheJobSaysIsBelieved() {
        assertThat(decided(VECTOR, training(State.COMPLETE, DIGEST, true, Results.good(SPEC)), Recorded.NOTHING)
                        .next())
                .isInstanceOf(Decision.Begin.class);
    }

    /** A pod's annotations can be changed before its trainer reads them; the Job's template cannot. */
    @Test
    void aPodThatHasReadSomethingElseIsNotBelieved() {
        for (StageResult told : List.of(
                Results.good(SPEC).toldBy(Results.digest('e')),
                Results.good(SPEC).toldBy(null))) {
            assertThat(decided(VECTOR, training(State.COMPLETE, DIGEST, true, told), Recorded.NOTHING)
                            .next())
                    .isInstanceOfSatisfying(
                            Decision.Fail.class,
                            fail -> assertThat(fail.reason()).isEqualTo(Reason.RESULT_FOREIGN));
        }
    }

    @Test
    void aJobOfAnOlderReleaseIsGoneOnFrom() {
        assertThat(decided(VECTOR, training(State.ACTIVE, null), Recorded.NOTHING)
                        .next())
                .isInstanceOf(Decision.AtWork.class);
        assertThat(decided(VECTOR, training(State.COMPLETE, null), Recorded.NOTHING)
                        .next())
                .isInstanceOf(Decision.Begin.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"150", "a lot"})
    void whatTheNextStageCannotBeToldEndsTheRunAndNamesTheField(String increase) {
        SecurityVector wide = Manifests.vector("team-a", "base", "");
        wide.setSpec(Manifests.read(
                Serialization.asJson(wide.getSpec())
                        .replaceFirst("\"maxBenignIncrease\":\"[^\"]*\"", "\"maxBenignIncrease\":\"" + increase + "\""),
                SecurityVectorSpec.class));

        assertThat(decided(wide, training(State.COMPLETE, DIGEST), Recorded.NOTHING)
                        .next())
                .isInstanceOfSatisfying(Decision.Fail.class, fail -> {
                    assertThat(fail.reason()).isEqualTo(Reason.SPEC_INVALID);
                    assertThat(fail.message()).contains("maxBenignIncrease must be");
                });
    }
}
