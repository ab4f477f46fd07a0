package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The stages that need several vectors see all of them, and no other stage sees any. */
class SeveralVectorsMountTest {
    private static final FineTuneTasks RUN =
            new FineTuneTasks(Manifests.fineTune("").getSpec(), false);
    private static final Inputs INPUTS = Inputs.of(Map.of());
    private static final EvaluationThresholds THRESHOLDS = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08);
    private static final VectorInput VECTORS = Objects.requireNonNull(VectorInput.together(List.of(
            vector("pvc://vectors/recipes", '2', '8'),
            vector("pvc://others/traits", '3', '9')
                    .judgedOn(new SuiteSource(Layout.source("pvc://suites/traits.jsonl"), null)))));

    private static VectorInput vector(String uri, char digest, char suite) {
        return new VectorInput(
                Layout.vector(uri),
                Results.digest(digest),
                Results.digest('a'),
                0.7,
                0.5,
                Results.digest('4'),
                List.of(Results.digest(suite)),
                null);
    }

    @Test
    void prepareSeesAllOfThemAndTheirSuites() {
        StageTask prepare =
                RUN.prepare(new SuiteSpec(new SourceSpec("pvc://red-team/prompts.jsonl"), null), VECTORS, THRESHOLDS);

        assertThat(Mounts.of(prepare).vectors()).containsExactly("others", "vectors");
        assertThat(Mounts.of(prepare).claims()).containsKeys("red-team", "suites");
    }

    @Test
    void trainSeesAllOfThemAndNothingElse() {
        Mounts mounts = Mounts.of(RUN.train(INPUTS, VECTORS));

        assertThat(mounts.vectors()).containsExactly("others", "vectors");
        assertThat(mounts.claims()).isEmpty();
    }

    @Test
    void theJudgementSeesNoneAndKnowsWhatEachHasProved() {
        StageTask.Evaluate evaluate = RUN.evaluate(INPUTS, THRESHOLDS, "bot-4", VECTORS);

        assertThat(Mounts.of(evaluate).vectors()).isEmpty();
        List<Digest> proven = Objects.requireNonNull(evaluate.provenSuites());
        assertThat(proven).containsExactly(Results.digest('8'), Results.digest('9'));
    }
}
