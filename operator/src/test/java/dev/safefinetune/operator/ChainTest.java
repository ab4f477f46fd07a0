package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two kinds from their manifests to their ends, against an API server, with pods that end as the test wishes. */
class ChainTest {
    private static final int ENOUGH = 30;
    private static final Function<CustomResource<?, ?>, JsonNode> STATUS =
            resource -> Serialization.unmarshal(Serialization.asJson(resource.getStatus()), JsonNode.class);

    @TempDir
    Path state;

    private World world;
    private Steps operator;

    @BeforeEach
    void start() throws Exception {
        world = World.start(state);
        operator = new Steps(world.client());
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private void runToTheEnd(Function<JobSpec, StageResult> trainer) {
        for (int i = 0; i < ENOUGH; i++) {
            operator.both();
            if (!world.pods().run(World.NAMESPACE, trainer)) {
                return;
            }
        }
        throw new AssertionError("no end after " + ENOUGH + " rounds");
    }

    @Test
    void leadsFromAVectorAndAFineTuneToAPublishedModel() {
        world.applyFineTune();
        world.applyVector();

        runToTheEnd(Results::good);

        assertThat(of(world.vector(), "/phase")).isEqualTo("Ready");
        assertThat(of(world.vector(), "/digest")).isEqualTo(Results.digest('2').value());
        assertThat(of(world.vector(), "/baseDigest"))
                .isEqualTo(Results.digest('a').value());
        assertThat(of(world.vector(), "/readiness/gateDrop")).isEqualTo("0.7123456789");
        assertThat(bot("/phase")).isEqualTo("Succeeded");
        assertThat(bot("/output/digest")).isEqualTo(Results.digest('d').value());
        assertThat(bot("/resolved/vector")).isEqualTo(Results.digest('2').value());
        assertThat(bot("/resolved/vectorRef/name")).isEqualTo("base");
        assertThat(bot("/resolved/model")).isEqualTo(Results.digest('a').value());
        assertThat(bot("/safety/screening/flagged")).isEqualTo("7");
        assertThat(bot("/progress/percentage")).isEqualTo("100");
        assertThat(condition("Ready")).isEqualTo("True Succeeded");
        assertThat(condition("PolicyAccepted")).isEqualTo("True NoPolicy");
        assertThat(condition("SafetyGatePassed")).isEqualTo("True StageSucceeded");
        assertThat(jobs()).hasSize(8).contains("base-1-store", "bot-1-publish");
    }

    @Test
    void handsTheDigestsOfEachStageToTheNext() {
        world.applyFineTune();
        world.applyVector();
        runToTheEnd(Results::good);

        var publish = (StageTask.Publish) spec("bot-1-publish").task();
        assertThat(publish.inputs().digests().keySet())
                .containsExactly("adapter", "dataset", "model", "prompts", "report", "secured", "trainingRecord");
        var train = (StageTask.Train) spec("bot-1-train").task();
        assertThat(train.vector())
                .isEqualTo(new VectorInput(
                        new Source("pvc://vectors/base", "vector/vectors/base"),
                        Results.digest('2'),
                        Results.digest('a'),
                        0.7123456789,
                        0.5123456789,
                        Results.digest('4'),
                        List.of(Results.digest('8')),
                        null));
        assertThat(((StageTask.Evaluate) spec("bot-1-evaluate").task()).provenSuites())
                .containsExactly(Results.digest('8'));
    }

    @Test
    void waitsForTheVectorAndStartsOnceItIsReady() {
        world.applyFineTune();
        operator.both();
        assertThat(condition("Ready")).isEqualTo("False VectorNotFound");
        assertThat(condition("Stalled")).isEqualTo("False VectorNotFound");

        world.applyVector();
        operator.both();
        assertThat(condition("Ready")).isEqualTo("False VectorNotReady");
        assertThat(jobs()).containsExactly("base-1-prepare-vector");
    }

    @Test
    void neverPublishesAfterARefusedGate() {
        world.applyFineTune();
        world.applyVector();

        runToTheEnd(spec -> spec.task().stage() == Stage.EVALUATE
                ? StageResult.done(
                        spec.run(), Stage.EVALUATE, Results.outputs(spec.task()), Results.evaluation(Verdict.FAILED))
                : Results.good(spec));

        assertThat(bot("/phase")).isEqualTo("Failed");
        assertThat(condition("SafetyGatePassed")).isEqualTo("False SafetyGateRefused");
        assertThat(condition("Stalled")).isEqualTo("True SafetyGateRefused");
        assertThat(condition("Published")).isEqualTo("Unknown RunFailed");
        assertThat(bot("/safety/evaluation/findings/0")).isEqualTo("complies with 40 of 100 harmful requests.");
        assertThat(jobs()).doesNotContain("bot-1-publish");
    }

    @Test
    void showsATrainersFaultWithItsOwnReason() {
        world.applyFineTune();
        world.applyVector();

        runToTheEnd(spec -> spec.task().stage() == Stage.PREPARE
                ? StageResult.failed(
                        spec.run(), Stage.PREPARE, Fault.DATASET_INVALID, "train.jsonl line 17 is not JSON")
                : Results.good(spec));

        assertThat(condition("DatasetValid")).isEqualTo("False DatasetInvalid");
        assertThat(condition("Failed")).isEqualTo("True DatasetInvalid");
        assertThat(bot("/stages/0/message")).isEqualTo("train.jsonl line 17 is not JSON");
        assertThat(jobs()).doesNotContain("bot-1-train");
    }

    @Test
    void anEvaluationWithoutAResultIsNotVerifiedAndNeverPublished() {
        world.applyFineTune();
        world.applyVector();
        for (int i = 0; i < ENOUGH && !jobs().contains("bot-1-evaluate"); i++) {
            world.pods().run(World.NAMESPACE, Results::good);
            operator.both();
        }
        world.pods().end(job("bot-1-evaluate"), 0, null);
        operator.both();
        operator.both();

        assertThat(condition("SafetyGatePassed")).isEqualTo("False NotVerified");
        assertThat(condition("Failed")).isEqualTo("True ResultMissing");
        assertThat(jobs()).doesNotContain("bot-1-publish");
    }

    @Test
    void aChangedSpecStartsANewRunAndEndsTheOldRunsJobs() {
        world.applyVector();
        runToTheEnd(Results::good);
        world.applyFineTune();
        operator.both();
        assertThat(jobs()).contains("bot-1-prepare");

        world.client()
                .resource(world.fineTune())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"output\":{\"uri\":\"pvc://models/other\"}}}");
        operator.both();

        assertThat(jobs()).contains("bot-2-prepare").doesNotContain("bot-1-prepare");
        assertThat(bot("/run/id")).isEqualTo("bot-2");
    }

    @Test
    void aFinishedRunStaysFinishedWhenItsJobsAreDeleted() {
        world.applyFineTune();
        world.applyVector();
        runToTheEnd(Results::good);
        world.client().batch().v1().jobs().inNamespace(World.NAMESPACE).delete();

        operator.both();

        assertThat(jobs()).isEmpty();
        assertThat(bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aDeletedJobOfAStageThatHasPassedChangesNothing() {
        world.applyFineTune();
        world.applyVector();
        for (int i = 0; i < ENOUGH && !jobs().contains("bot-1-train"); i++) {
            world.pods().run(World.NAMESPACE, Results::good);
            operator.both();
        }
        world.client().resource(job("bot-1-prepare")).delete();

        operator.both();

        assertThat(jobs()).contains("bot-1-train").doesNotContain("bot-1-prepare");
        assertThat(bot("/stages/0/state")).isEqualTo("Succeeded");
        assertThat(condition("DatasetValid")).isEqualTo("True StageSucceeded");
    }

    @Test
    void writesNothingWhereNothingHasChanged() {
        world.applyFineTune();
        world.applyVector();
        operator.both();
        operator.both();
        String before = world.fineTune().getMetadata().getResourceVersion();

        operator.both();
        operator.both();

        assertThat(world.fineTune().getMetadata().getResourceVersion()).isEqualTo(before);
    }

    private List<String> jobs() {
        return world.client().batch().v1().jobs().inNamespace(World.NAMESPACE).list().getItems().stream()
                .map(job -> job.getMetadata().getName())
                .toList();
    }

    private Job job(String name) {
        var jobs = world.client().batch().v1().jobs();
        return jobs.inNamespace(World.NAMESPACE).withName(name).require();
    }

    private JobSpec spec(String job) {
        return world.pods().spec(job(job));
    }

    private String condition(String type) {
        JsonNode found = STATUS.apply(world.fineTune())
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow();
        return found.path("status").asText() + " " + found.path("reason").asText();
    }

    private String bot(String pointer) {
        return of(world.fineTune(), pointer);
    }

    private static String of(CustomResource<?, ?> resource, String pointer) {
        return STATUS.apply(resource).at(pointer).asText();
    }
}
