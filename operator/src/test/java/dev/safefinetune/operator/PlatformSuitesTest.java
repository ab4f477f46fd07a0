package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.progress.Https;
import dev.safefinetune.operator.progress.ProgressCalls;
import dev.safefinetune.operator.progress.ProgressService;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Suites that lie with the platform: asked of every run by a policy, and served to the pods that prepare and judge alone. */
class PlatformSuitesTest {
    private static final String CONTENT = "{\"messages\":[]}\n";
    private static final String ASKS =
            "\"securityVectors\":{\"from\":\"Any\"},\"suites\":{\"platform\":[{\"configMap\":"
                    + "\"house\",\"prompts\":\"" + Results.digest('5') + "\"}]}";

    @RegisterExtension
    private final Chain chain = new Chain();

    private String run = "bot-1";
    private final Vertx vertx = Vertx.vertx();
    private final ProgressService service = new ProgressService(
            vertx,
            chain.world.client(),
            "https://localhost:8443",
            "default",
            new TestSettings().progress(),
            null,
            new SimpleMeterRegistry());

    @BeforeEach
    void start() {
        service.start();
        chain.world
                .client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("house")
                        .endMetadata()
                        .addToData(ServedSuite.PROMPTS, CONTENT)
                        .build())
                .create();
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
    }

    @AfterEach
    void stop() {
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void policy(String name, String fields) {
        chain.world
                .client()
                .resource(Manifests.policy(name, "{" + fields + "}"))
                .create();
    }

    /** A trainer that states what it has read of the platform's suites. */
    private static StageResult trainer(JobSpec spec) {
        return spec.task() instanceof StageTask.Prepare prepare && prepare.served() != null
                ? StageResult.done(
                        spec.run(),
                        prepare.stage(),
                        Results.outputs(prepare)
                                .plus(Inputs.of(Map.of(
                                        Inputs.PLATFORM_PROMPTS,
                                        prepare.served().getFirst().prompts()))),
                        Results.figures(prepare))
                : Results.good(spec);
    }

    private void reach(String stage) {
        chain.look();
        while (!chain.jobs().contains(run + "-" + stage)) {
            assertThat(chain.world.pods().run(World.NAMESPACE, PlatformSuitesTest::trainer))
                    .as(String.valueOf(Chain.status(chain.world.fineTune())))
                    .isTrue();
            chain.look();
        }
    }

    private StageTask task(String stage) {
        return ContractJson.read(chain.world.pods().text(chain.job(run + "-" + stage)), JobSpec.class)
                .task();
    }

    private String token(String stage) {
        return ProgressCalls.token(
                chain.world.client(),
                chain.world.pods().pod(chain.job(run + "-" + stage)),
                chain.world.fineTune().getMetadata().getUid(),
                true);
    }

    private HttpResponse<String> get(String token, String suite) throws Exception {
        return Https.client(service.authorities().orElseThrow())
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + service.port()
                                        + "/progress/v1/namespaces/team-a/safefinetunes/bot/runs/bot-1" + suite))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theSuiteIsServedToThePodsThatPrepareAndJudgeAndToNobodyElse() throws Exception {
        policy("exam", ASKS);
        chain.world.applyFineTune();
        reach("prepare");
        assertThat(((StageTask.Prepare) task("prepare")).served())
                .isEqualTo(List.of(new ServedSuite("house", Results.digest('5'), null)));
        String token = token("prepare");
        HttpResponse<String> answer = get(token, "/suites/house/prompts.jsonl");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(CONTENT);
        assertThat(get(token, "/suites/house/utility.jsonl").body()).endsWith("has no utility.jsonl");
        // Another ConfigMap of the operator's namespace is no suite of the run.
        assertThat(get(token, "/suites/operator-attempts/prompts.jsonl").statusCode())
                .isEqualTo(401);
        assertThat(get(token, "/suites/house/ca.crt").statusCode()).isEqualTo(404);
        assertThat(get("x.y.z", "/suites/house/prompts.jsonl").statusCode()).isEqualTo(401);

        reach("train");
        assertThat(get(token("train"), "/suites/house/prompts.jsonl").statusCode())
                .isEqualTo(401);
        reach("evaluate");
        assertThat(get(token("evaluate"), "/suites/house/prompts.jsonl").statusCode())
                .isEqualTo(200);
        chain.world
                .client()
                .configMaps()
                .inNamespace("default")
                .withName("house")
                .delete();
        assertThat(get(token("evaluate"), "/suites/house/prompts.jsonl").body())
                .isEqualTo("ConfigMap house in the operator's namespace does not exist");
        chain.runToTheEnd(PlatformSuitesTest::trainer);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        assertThat(chain.bot("/resolved/suites/0/prompts"))
                .isEqualTo(Results.digest('5').value());
    }

    /** Neither the run nor its vector names one. */
    @Test
    void aRunWithoutASuiteOfItsOwnIsJudgedByThePlatforms() {
        policy("exam", ASKS);
        chain.world
                .client()
                .resource(chain.world.vector())
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"evaluation\":null}}");
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.patch("{\"safety\":{\"evaluation\":{\"prompts\":null}}}");
        run = "bot-2";
        reach("evaluate");
        assertThat(((StageTask.Prepare) task("prepare")).prompts()).isNull();
        assertThat(((StageTask.Evaluate) task("evaluate")).served()).hasSize(1);
        chain.runToTheEnd(PlatformSuitesTest::trainer);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
    }

    @Test
    void aSuiteThatAPolicyAsksForMeanwhileEndsTheRun() {
        chain.world.applyFineTune();
        reach("train");
        policy("exam", ASKS);
        chain.runToTheEnd(PlatformSuitesTest::trainer);
        assertThat(chain.condition("Ready")).isEqualTo("False SuiteNotAllowed");
        assertThat(chain.message("bot", "Ready")).contains("was prepared without it", "the platform's suite house");
        assertThat(chain.jobs()).doesNotContain("bot-1-evaluate");
    }

    @Test
    void policiesThatKnowOneSuiteByTwoDigestsLetNoRunPass() {
        policy("exam", ASKS);
        policy(
                "other",
                ASKS.replace(Results.digest('5').value(), Results.digest('6').value()));
        chain.world.applyFineTune();
        chain.look();
        assertThat(chain.condition("PolicyAccepted")).isEqualTo("False SuiteNotAllowed");
        assertThat(chain.message("bot", "PolicyAccepted")).contains("another policy asks it with");
        assertThat(chain.jobs()).isEmpty();
    }

    @Test
    void whereNoPodCanBeServedNoRunBegins() {
        policy("exam", ASKS);
        chain.restartWithoutSuites();
        chain.world.applyFineTune();
        chain.look();
        assertThat(chain.condition("Ready")).isEqualTo("False SuiteNotAllowed");
        assertThat(chain.message("bot", "Ready")).contains("safe-fine-tune.progress.url has to be set");
        assertThat(chain.jobs()).isEmpty();
    }
}
