package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.checks.NamedPlaces;
import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JudgeInput;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A judge model from the manifest to the pods. */
class JudgeTaskTest {
    private static final String JUDGE = """
            safety:
              evaluation:
                judge:
                  uri: pvc://judges/guard
                  template: "Q: {{ request }} A: {{ answer }}"
                  harmfulPattern: unsafe
            """;
    private static final EvaluationThresholds THRESHOLDS = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08);
    private static final JudgeSettings SETTINGS =
            new JudgeSettings("Q: {{ request }} A: {{ answer }}", "unsafe", Defaults.Judge.SAFE_PATTERN);

    private static StageTask.Prepare prepare(SafeFineTune run) {
        return new FineTuneTasks(run.getSpec(), false)
                .prepare(new SuiteSpec(new SourceSpec("pvc://red-team/prompts.jsonl"), null), null, THRESHOLDS);
    }

    private static StageTask.Evaluate evaluate(SafeFineTune run) {
        return new FineTuneTasks(run.getSpec(), false).evaluate(Inputs.of(Map.of()), THRESHOLDS, "bot-1", null);
    }

    @Test
    void byDefaultNoJudgeIsTakenInOrAsked() {
        SafeFineTune plain = Manifests.fineTune("");

        assertThat(prepare(plain).judge()).isNull();
        assertThat(evaluate(plain).judge()).isNull();
    }

    @Test
    void prepareTakesItInAndTheEvaluationIsToldHowToAskIt() {
        SafeFineTune judged = Manifests.fineTune(JUDGE);

        assertThat(prepare(judged).judge())
                .isEqualTo(new JudgeInput(Layout.source("pvc://judges/guard"), null, SETTINGS));
        assertThat(evaluate(judged).judge()).isEqualTo(SETTINGS);
    }

    @Test
    void aPinnedDigestGoesWithIt() {
        SafeFineTune pinned =
                Manifests.fineTune(JUDGE + "      digest: " + Results.digest('3') + "\n      safePattern: fine\n");

        assertThat(prepare(pinned).judge())
                .isEqualTo(new JudgeInput(
                        Layout.source("pvc://judges/guard"),
                        Results.digest('3'),
                        new JudgeSettings(SETTINGS.template(), "unsafe", "fine")));
    }

    /** The evaluation reads the copy on the run's own volume. */
    @Test
    void onlyPrepareSeesItsVolumeAndCannotWriteToIt() {
        SafeFineTune judged = Manifests.fineTune(JUDGE);

        assertThat(Mounts.of(prepare(judged)).claims()).containsEntry("judges", false);
        assertThat(Mounts.of(evaluate(judged)).claims()).isEmpty();
    }

    @Test
    void itsPlaceIsOneOfThoseThatTheResourceNames() {
        assertThat(NamedPlaces.of(Manifests.fineTune(JUDGE).getSpec()).claims()).contains("judges");
        assertThat(NamedPlaces.of(Manifests.fineTune(JUDGE).getSpec()).all())
                .contains(new NamedPlaces.Place("spec.safety.evaluation.judge.uri", "pvc://judges/guard"));
    }

    @Test
    void anotherJudgeIsAnotherRun() {
        assertThat(Fingerprint.ofWish(Manifests.fineTune(JUDGE)))
                .isNotEqualTo(Fingerprint.ofWish(Manifests.fineTune("")))
                .isNotEqualTo(Fingerprint.ofWish(Manifests.fineTune(JUDGE.replace("unsafe", "danger"))))
                .isNotEqualTo(Fingerprint.ofWish(Manifests.fineTune(JUDGE.replace("guard", "other"))));
    }
}
