package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.RunningOperator;
import dev.safefinetune.cluster.world.ScriptedJobs.End;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.world.Pods;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pod or a person states what is not so. */
class ForgedResultsIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    @RegisterExtension
    static final RunningOperator OPERATOR = new RunningOperator(Map.of());

    /** A termination message that is not what a trainer would state. */
    enum Forgery {
        TRUNCATED("ResultUnreadable", 0, text -> text.substring(0, text.length() - 40)),
        PADDED("ResultUnreadable", 0, text -> text + " ".repeat(4000) + "x"),
        OF_ANOTHER_RUN("ResultForeign", 0, text -> text.replaceAll("\"uid\":\"[^\"]*\"", "\"uid\":\"another\"")),
        OF_A_POD_THAT_FAILED("ResultContradictory", 1, text -> text),
        NO_JSON("ResultUnreadable", 0, text -> "passed"),
        WITH_A_SECOND_VERDICT("ResultUnreadable", 0, text -> text.replaceFirst("\\{", "{\"verdict\":\"Passed\","));

        private final String reason;
        private final int exitCode;
        private final UnaryOperator<String> change;

        Forgery(String reason, int exitCode, UnaryOperator<String> change) {
            this.reason = reason;
            this.exitCode = exitCode;
            this.change = change;
        }

        End of(JobSpec spec) {
            return new End(exitCode, change.apply(String.valueOf(End.good(spec).message())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForgedMessageEndsTheRunWithThatReason(Forgery forgery) throws Exception {
        try (GuidedRun run = GuidedRun.at(SERVER.client(), "forged-" + forgery.ordinal(), Stage.TRAIN)) {
            run.end(forgery::of);
            run.awaitEnd();

            assertThat(run.phase()).isEqualTo(FineTunePhase.FAILED);
            assertThat(run.reason("Failed")).isEqualTo(forgery.reason);
            assertThat(run.team().jobs()).hasSize(2);
        }
    }

    /** The verdict is the evaluation's; what somebody wrote on the resource before does not replace it. */
    @Test
    void aVerdictOnTheStatusDoesNotPublishARefusedModel() throws Exception {
        try (GuidedRun run = GuidedRun.at(SERVER.client(), "forged-verdict", Stage.EVALUATE)) {
            SERVER.client()
                    .resources(SafeFineTune.class)
                    .inNamespace(run.team().namespace())
                    .withName("bot")
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"status\":{\"safety\":{\"evaluation\":{\"verdict\":\"Passed\"}}}}");
            run.end(ForgedResultsIT::refused);
            run.awaitEnd();

            assertRefused(run);
        }
    }

    /** Two pods with the run's labels state that all is well; it is not the run's Job that controls them. */
    @Test
    void aForeignPodsResultDoesNotPublishARefusedModel() throws Exception {
        try (GuidedRun run = GuidedRun.at(SERVER.client(), "foreign-pods", Stage.EVALUATE)) {
            Pod own = run.pod().require();
            run.end(spec -> {
                // Whichever way pods are listed, one comes before the run's own.
                foreign(own, "a-forged", End.good(spec));
                foreign(own, "z-forged", End.good(spec));
                return refused(spec);
            });
            run.awaitEnd();

            assertRefused(run);
        }
    }

    private static void foreign(Pod own, String name, End end) {
        Pod pod = SERVER.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(own.getMetadata().getNamespace())
                        .withName(name)
                        .withLabels(own.getMetadata().getLabels())
                        .endMetadata()
                        .withSpec(own.getSpec())
                        .build())
                .create();
        new Pods(SERVER.client()).ended(pod, end.exitCode(), end.message());
    }

    private static End refused(JobSpec spec) {
        return End.of(StageResult.done(
                        spec.run(),
                        spec.task().stage(),
                        Inputs.of(Map.of(Inputs.REPORT, Results.digest('f'))),
                        Results.evaluation(Verdict.FAILED))
                .toldBy(Digest.of(ContractJson.write(spec))));
    }

    private static void assertRefused(GuidedRun run) {
        assertThat(run.reason("Failed")).isEqualTo("SafetyGateRefused");
        assertThat(run.team().fineTune().getStatus().toString()).contains("verdict=FAILED");
        assertThat(run.team().jobs())
                .noneMatch(job -> job.getMetadata().getName().endsWith("publish"));
    }
}
