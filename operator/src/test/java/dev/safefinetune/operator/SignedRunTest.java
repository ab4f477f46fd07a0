package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.Judgement;
import dev.safefinetune.attest.KeyRing;
import dev.safefinetune.attest.Listing;
import dev.safefinetune.attest.ResourceDescriptor;
import dev.safefinetune.attest.Statement;
import dev.safefinetune.attest.VerifyingKey;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.SignedFiles;
import dev.safefinetune.contract.SigningRequest;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.progress.Https;
import dev.safefinetune.operator.progress.ProgressCalls;
import dev.safefinetune.operator.progress.ProgressService;
import dev.safefinetune.operator.sign.Signatures;
import dev.safefinetune.operator.sign.SigningKeys;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is signed of a run: over real TLS, with tokens as the API server issues them. */
class SignedRunTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final String SECRET = "operator-signing";
    private static final String PUBLIC = "operator-signing-keys";
    private static final Listing FILES = listing("ab");
    private static final Rate LOW = new Rate(0.0, 0.0, 0.009, 445);

    @RegisterExtension
    private final Chain chain = new Chain();

    private final Vertx vertx = Vertx.vertx();
    private final SigningKeys keys = new SigningKeys(chain.world.client(), "default", SECRET, PUBLIC);
    private final ProgressService service = new ProgressService(
            vertx,
            chain.world.client(),
            "https://localhost:8443",
            "default",
            new TestSettings().progress(),
            new Signatures(chain.world.client(), keys, InstantSource.fixed(NOW)),
            new SimpleMeterRegistry());

    @BeforeEach
    void start() {
        service.start();
    }

    @AfterEach
    void stop() {
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Listing listing(String weights, String... others) {
        Map<String, String> files = new TreeMap<>(Map.of(
                "config.json", "01".repeat(32),
                "model.safetensors", weights.repeat(32),
                "report.json", "02".repeat(32)));
        for (String other : others) {
            files.put(other, "03".repeat(32));
        }
        return Listing.of(files);
    }

    /** A trainer whose model has the digest of {@link #FILES} and complies with nothing. */
    private static StageResult good(JobSpec spec) {
        StageTask task = spec.task();
        Inputs outputs = Results.outputs(task);
        if (task instanceof StageTask.Train) {
            outputs = outputs.plus(Inputs.of(Map.of(Inputs.SECURED, FILES.modelDigest())));
        }
        StageFigures figures = task instanceof StageTask.Evaluate
                ? new StageFigures.Evaluation(
                        Verdict.PASSED, List.of(), LOW, LOW, null, LOW, LOW, LOW, LOW, true, null, null, null)
                : Results.figures(task);
        return StageResult.done(spec.run(), task.stage(), outputs, figures);
    }

    private void reach(String stage) {
        chain.world.applyVector();
        chain.runToTheEnd(Results::good);
        chain.world.applyFineTune();
        chain.look();
        while (!chain.jobs().contains("bot-1-" + stage)) {
            assertThat(chain.world.pods().run(World.NAMESPACE, SignedRunTest::good))
                    .isTrue();
            chain.look();
        }
    }

    private String token(String stage) {
        Job job = chain.job("bot-1-" + stage);
        return ProgressCalls.token(
                chain.world.client(),
                chain.world.pods().pod(job),
                chain.world.fineTune().getMetadata().getUid(),
                true);
    }

    private HttpResponse<String> ask(String token, String run, Listing files) throws Exception {
        return Https.client(service.authorities().orElseThrow())
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + service.port()
                                        + "/progress/v1/namespaces/team-a/safefinetunes/bot/runs/" + run
                                        + SigningRequest.PATH))
                                .header("Authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        ContractJson.write(new SigningRequest(files.text()))))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private KeyRing published() throws AttestException {
        List<VerifyingKey> ring = new ArrayList<>();
        for (String pem : chain.world
                .client()
                .configMaps()
                .inNamespace("default")
                .withName(PUBLIC)
                .require()
                .getData()
                .values()) {
            ring.add(VerifyingKey.parse("key", pem));
        }
        return new KeyRing(ring);
    }

    @Test
    void theVeryModelThatPassedIsSignedWithWhatTheVerdictRestsOn() throws Exception {
        reach("publish");
        HttpResponse<String> answer = ask(token("publish"), "bot-1", FILES);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        SignedFiles signed = ContractJson.read(answer.body(), SignedFiles.class);
        Statement statement = Statement.open(signed.statement().getBytes(StandardCharsets.UTF_8), published(), NOW);
        assertThat(statement.subject().getFirst()).isEqualTo(ResourceDescriptor.of("model", FILES.modelDigest()));
        Judgement judgement = statement.predicate().judgement();
        assertThat(judgement.resource()).isEqualTo("team-a/bot");
        assertThat(judgement.figures()).containsEntry("secured", new Judgement.Figure("0", "0", "0.009", 445));
        assertThat(judgement.limits()).containsKey("maxHarmfulRate");
        assertThat(statement.predicate().configuration())
                .contains(
                        ResourceDescriptor.of("dataset", Results.digest('b')),
                        ResourceDescriptor.of("prompts", Results.digest('c')),
                        ResourceDescriptor.of("vector", Results.digest('2')))
                .anySatisfy(each -> assertThat(each.uri()).isEqualTo("trainer:test"))
                .anySatisfy(each -> assertThat(each.name()).isEqualTo("spec"));
        assertThat(chain.job("bot-1-publish")).isNotNull();
        assertThat(jobSpec("publish")).contains("\"signs\":true");
        assertThat(jobSpec("evaluate")).doesNotContain("signs");
    }

    private String jobSpec(String stage) {
        return chain.world.pods().text(chain.job("bot-1-" + stage));
    }

    @Test
    void othersBytesAndOthersFilesAreNotSigned() throws Exception {
        reach("publish");
        HttpResponse<String> other = ask(token("publish"), "bot-1", listing("cd"));
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.body()).contains("what was judged has " + FILES.modelDigest());
        assertThat(ask(token("publish"), "bot-1", listing("ab", "modeling.py")).statusCode())
                .isEqualTo(403);
        // Weights beside those that were judged.
        assertThat(ask(token("publish"), "bot-1", listing("ab", "more.safetensors"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(ask(token("publish"), "bot-2", FILES).statusCode()).isEqualTo(401);
    }

    @Test
    void nothingIsSignedBeforeTheLastStageAndForNobodyElse() throws Exception {
        reach("evaluate");
        assertThat(ask(token("evaluate"), "bot-1", FILES).statusCode()).isEqualTo(401);
        assertThat(ask("x.y.z", "bot-1", FILES).statusCode()).isEqualTo(401);
    }

    @Test
    void aPolicyThatWasTightenedMeanwhileIsKept() throws Exception {
        reach("publish");
        chain.world
                .client()
                .resource(Manifests.read(
                        "{apiVersion: safefinetune.dev/v1alpha1, kind: SafeFineTunePolicy, metadata: {name: strict},"
                                + " spec: {thresholds: {maxHarmfulRate: '0.001'}}}",
                        SafeFineTunePolicy.class))
                .create();
        HttpResponse<String> answer = ask(token("publish"), "bot-1", FILES);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("the limit on harmful compliance is 0.001 now");
    }

    @Test
    void theKeyIsMadeOnceStaysInItsNamespaceAndAnotherOneIsAddedToThePublicOnes() throws Exception {
        String first = keys.current().verifying().id();
        assertThat(keys.current().verifying().id()).isEqualTo(first);
        String next = new SigningKeys(chain.world.client(), "default", "next", PUBLIC)
                .current()
                .verifying()
                .id();
        assertThat(published().keys()).extracting(VerifyingKey::id).containsExactlyInAnyOrder(first, next);
        assertThat(chain.world.client().secrets().inAnyNamespace().list().getItems())
                .filteredOn(secret -> secret.getData().containsKey("signing.key"))
                .allSatisfy(secret ->
                        assertThat(secret.getMetadata().getNamespace()).isEqualTo("default"));
    }

    @Test
    void aSecretThatHoldsNoKeyIsNamedAndLeftAsItIs() {
        keys.current();
        var secret = chain.world.client().secrets().inNamespace("default").withName(SECRET);
        secret.edit(found -> {
            found.getData().remove("signing.pub");
            return found;
        });
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(keys::current)
                .withMessageContaining("Secret default/operator-signing must hold signing.key")
                .withMessageContaining("signing.pub is missing");
        assertThat(secret.require().getData()).containsOnlyKeys("signing.key");
    }
}
