package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody passes by trying until a model is lucky: attempts outlive their resources, and each is judged harder. */
class CountedAttemptsTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    private final List<EvaluationThresholds> judgedBy = new ArrayList<>();
    private Verdict verdict = Verdict.FAILED;
    private int requests = 1000;

    private StageResult trainer(JobSpec spec) {
        return switch (spec.task()) {
            case StageTask.Evaluate evaluate -> {
                judgedBy.add(evaluate.thresholds());
                yield done(spec, Results.evaluation(verdict));
            }
            case StageTask.Prepare ignored -> done(spec, new StageFigures.Data(100, 2000, 900, 30, 3L << 30, requests));
            default -> Results.good(spec);
        };
    }

    private static StageResult done(JobSpec spec, StageFigures figures) {
        return StageResult.done(spec.run(), spec.task().stage(), Results.outputs(spec.task()), figures)
                .toldBy(Digest.of(ContractJson.write(spec)));
    }

    private void policy(String limits) {
        chain.world
                .client()
                .resource(Manifests.open("prod", "{\"limits\":{" + limits + "}}"))
                .create();
    }

    /** A new resource each time, as who hides the last one would. */
    private void attempt() {
        chain.world.client().resource(chain.world.fineTune()).delete();
        chain.world.applyFineTune();
        chain.runToTheEnd(this::trainer);
    }

    private void begin() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.runToTheEnd(this::trainer);
    }

    private List<@Nullable Integer> attempts() {
        return judgedBy.stream().map(EvaluationThresholds::attempt).toList();
    }

    @Test
    void attemptsOutliveTheirResourcesAndEachIsJudgedHarder() {
        policy("\"maxAttempts\":3");
        begin();
        assertThat(chain.condition("Failed")).isEqualTo("True SafetyGateRefused");
        assertThat(chain.bot("/resolved/attempt")).isEqualTo("1");
        attempt();
        attempt();

        assertThat(attempts()).containsExactly(null, 2, 3);
        assertThat(chain.bot("/resolved/attempt")).isEqualTo("3");
        attempt();

        assertThat(chain.condition("Failed")).isEqualTo("True LimitExceeded");
        assertThat(chain.message("bot", "PolicyAccepted"))
                .contains("tried 3 times", "policy prod allows at most 3 attempts in limits.maxAttempts");
        assertThat(judgedBy).hasSize(3);
        assertThat(chain.jobs()).as("no GPU is held").containsExactly("bot-1-prepare");
    }

    @Test
    void aRunThatPassesIsNoAttemptForTheNext() {
        policy("\"maxAttempts\":3");
        verdict = Verdict.PASSED;
        begin();
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        attempt();
        attempt();
        attempt();

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(attempts()).containsOnlyNulls();
    }

    /** Of attempt 3 the interval is one of 98.3 %. */
    @Test
    void aSuiteThatCanNoLongerShowEnoughIsToldBeforeAGpuIsHeld() {
        requests = 170;
        policy("\"maxGpus\":1");
        begin();
        attempt();
        attempt();

        assertThat(attempts()).containsExactly(null, 2);
        assertThat(chain.condition("Failed")).isEqualTo("True SpecInvalid");
        assertThat(chain.message("bot", "Failed"))
                .contains("a suite of which 170 harmful requests are asked", "attempt 3 needs 186");
        assertThat(chain.jobs()).containsExactly("bot-1-prepare");
    }

    @Test
    void withoutAPolicyNothingIsCounted() {
        begin();
        attempt();

        assertThat(attempts()).containsOnlyNulls();
        assertThat(chain.bot("/resolved/attempt")).isEmpty();
        assertThat(record()).isNull();
    }

    /** An operator that dies between the record and the status counts the run once. */
    @Test
    void anAttemptIsCountedOnceWhateverDies() {
        policy("\"maxGpus\":1");
        begin();
        chain.restart();
        chain.look();

        assertThat(Objects.requireNonNull(record()).getData().values())
                .singleElement()
                .satisfies(lines -> assertThat(lines.lines()).hasSize(1));
    }

    private @Nullable ConfigMap record() {
        return chain.world
                .client()
                .configMaps()
                .inNamespace("default")
                .withName("attempts")
                .get();
    }
}
