package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.world.Results;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the last stage says that it published is held against what was judged; a refused run says where its report is. */
class PublishedBytesTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    @Test
    void aModelOfOtherBytesThanTheJudgedFailsTheRun() {
        chain.reach("publish");
        chain.runToTheEnd(spec -> published(spec, Results.digest('8')));

        assertThat(chain.bot("/phase")).isEqualTo("Failed");
        assertThat(chain.condition("Published")).isEqualTo("False PublishCheckFailed");
        assertThat(chain.message("bot", "Ready"))
                .contains(
                        "pvc://models/bot",
                        Results.digest('8').value(),
                        Results.digest('d').value());
        assertThat(chain.bot("/output/digest")).isEmpty();
    }

    @Test
    void anAdapterIsHeldAgainstTheDigestThatTheTrainingStated() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"output\":{\"content\":\"Adapter\"}}");
        chain.runToTheEnd(spec -> spec.task() instanceof StageTask.Publish publish
                ? published(spec, publish.inputs().get(Inputs.SECURED))
                : Results.good(spec));

        assertThat(chain.condition("Published")).isEqualTo("False PublishCheckFailed");
        assertThat(chain.message("bot", "Ready")).contains(Results.digest('7').value());
    }

    @Test
    void anAdapterThatWasJudgedSucceeds() {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"output\":{\"content\":\"Adapter\"}}");
        chain.runToTheEnd(Results::good);

        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/output/digest")).isEqualTo(Results.digest('7').value());
        assertThat(chain.bot("/safety/report")).isEqualTo("pvc://models/bot");
    }

    @Test
    void aVectorOfOtherBytesThanTheAssessedFailsItsRun() {
        chain.world.applyVector();
        chain.runToTheEnd(spec -> spec.task().stage() == Stage.STORE
                ? StageResult.done(
                        spec.run(),
                        Stage.STORE,
                        Results.outputs(spec.task()),
                        new StageFigures.Publication("pvc://vectors/base", Results.digest('6'), Results.digest('7'), 1))
                : Results.good(spec));

        assertThat(chain.vectorMessage("base", "Ready"))
                .contains(
                        "pvc://vectors/base",
                        Results.digest('6').value(),
                        Results.digest('2').value());
    }

    @Test
    void aRefusedRunSaysWhereItsReportLiesOnlyIfItIsThere() {
        chain.reach("evaluate");
        chain.runToTheEnd(spec -> refused(spec, Inputs.of(Map.of(Inputs.REFUSAL, Results.digest('5')))));

        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False SafetyGateRefused");
        assertThat(chain.message("bot", "SafetyGatePassed")).contains("pvc://models/bot.refused/bot-1");
        assertThat(chain.bot("/safety/report")).isEqualTo("pvc://models/bot.refused/bot-1");
        assertThat(chain.bot("/safety/reportDigest"))
                .isEqualTo(Results.digest('5').value());
        chain.look();
        assertThat(chain.bot("/safety/report")).isEqualTo("pvc://models/bot.refused/bot-1");
    }

    @Test
    void aRefusedRunWhoseReportCouldNotBeKeptNamesNoPlace() {
        chain.reach("evaluate");
        chain.runToTheEnd(spec -> refused(spec, Inputs.of(Map.of())));

        assertThat(chain.condition("SafetyGatePassed")).isEqualTo("False SafetyGateRefused");
        assertThat(chain.message("bot", "SafetyGatePassed")).doesNotContain("refused/");
        assertThat(chain.bot("/safety/report")).isEmpty();
    }

    private static StageResult refused(JobSpec spec, Inputs kept) {
        return spec.task() instanceof StageTask.Evaluate
                ? StageResult.done(
                        spec.run(),
                        Stage.EVALUATE,
                        Results.outputs(spec.task()).plus(kept),
                        Results.evaluation(Verdict.FAILED))
                : Results.good(spec);
    }

    private static StageResult published(JobSpec spec, Digest digest) {
        StageTask.Publish task = (StageTask.Publish) spec.task();
        return StageResult.done(
                spec.run(),
                Stage.PUBLISH,
                Results.outputs(task),
                new StageFigures.Publication(task.output().uri(), digest, Results.digest('9'), 1));
    }
}
