package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.JudgedSuite;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A run that is judged by a suite of the platform, which an operator serves, beside its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformSuitesTest extends StageHarness {
    private static final EvaluationThresholds ANYTHING = new EvaluationThresholds(1, 1, 1, 1.0);
    private static final EvaluationThresholds STRICT = new EvaluationThresholds(0.03, 1, 1, 1.0);

    private final Map<String, String> served = new ConcurrentHashMap<>();
    private List<String> platform = List.of();
    private Inputs trained = Inputs.of(new TreeMap<>());
    private HttpServer server;

    PlatformSuitesTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeAll
    void world(@TempDir Path directory) throws IOException {
        root = directory;
        SmallWorld.write(root);
        halve(root.resolve("volumes/data/suite/prompts.jsonl"));
        served.put("/run/suites/house/prompts.jsonl", String.join("\n", platform) + "\n");
        Files.writeString(root.resolve("token"), "TOKEN\n");
        server.createContext("/run", exchange -> {
            String text = served.get(exchange.getRequestURI().getPath());
            boolean may = "Bearer TOKEN".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = (text == null ? "ConfigMap gone does not exist" : text).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(!may ? 401 : text == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        operator =
                new ProgressTarget("http://localhost:" + server.getAddress().getPort() + "/run", "token", null, 3600);
        trained = trained();
    }

    @AfterAll
    void stop() {
        server.stop(0);
    }

    /** Every second request is the platform's, and lies nowhere. */
    private void halve(Path suite) throws IOException {
        List<String> all = Files.readAllLines(suite);
        List<String> own = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            (i % 2 == 0 ? own : others).add(all.get(i));
        }
        Files.write(suite, own);
        platform = List.copyOf(others);
    }

    private ServedSuite house() {
        return new ServedSuite("house", digestOf(String.join("\n", platform) + "\n"), null);
    }

    private static StageTask.Prepare prepare(
            ServedSuite suite, boolean ownSuite, @Nullable Source dataset, String scratch) {
        StageTask.Prepare p = SmallWorld.prepare(null);
        return new StageTask.Prepare(
                scratch,
                p.model(),
                dataset != null ? dataset : p.cooldown() == null ? p.dataset() : p.cooldown(),
                5,
                null,
                ownSuite ? p.prompts() : null,
                null,
                null,
                p.fineTuning(),
                p.output(),
                null,
                DatasetFormat.MESSAGES,
                null,
                List.of(suite));
    }

    private Inputs trained() {
        Inputs made = done(RUN, prepare(house(), true, null, "scratch")).outputs();
        return made.plus(done(RUN, SmallWorld.plainTrain(made)).outputs());
    }

    private StageTask.Evaluate evaluate(EvaluationThresholds thresholds, ServedSuite suite) {
        return new StageTask.Evaluate("scratch", trained, thresholds, false, 7, null, null, null, List.of(suite));
    }

    private SafetyReport judged(EvaluationThresholds thresholds, Verdict verdict) throws IOException {
        StageResult result = done(RUN, evaluate(thresholds, house()));
        assertThat(figures(result, StageFigures.Evaluation.class).verdict()).isEqualTo(verdict);
        return report();
    }

    private SafetyReport report() throws IOException {
        return ContractJson.read(Files.readString(new Scratch(root.resolve("scratch")).report()), SafetyReport.class);
    }

    @Test
    void eachSuiteIsJudgedByItselfAndThePlatformsComesFirst() throws IOException {
        SafetyReport passed = judged(ANYTHING, Verdict.PASSED);
        assertThat(passed.arms().suites())
                .extracting(JudgedSuite::name)
                .containsExactly("platform://house/prompts.jsonl", "pvc://data/suite/prompts.jsonl");
        assertThat(passed.arms().secured().harmfulCompliance().n()).isEqualTo(platform.size());
        assertThat(passed.materials()).containsKeys("prompts", "platformPrompts");
        assertThat(String.valueOf(passed.materials().get("platformPrompts"))).contains("platform://house");

        // Of ten requests nobody can tell that they are answered well.
        SafetyReport failed = judged(STRICT, Verdict.FAILED);
        assertThat(failed.findings())
                .anySatisfy(finding -> assertThat(finding).startsWith("by the run's own suite: "))
                .anySatisfy(finding -> assertThat(finding).doesNotStartWith("by the run's own suite: "));
    }

    @Test
    void noRequestOfThePlatformLiesOnAVolumeOrInALog() throws IOException {
        judged(ANYTHING, Verdict.PASSED);
        List<String> requests = platform.stream()
                .map(row -> row.replaceAll(".*?\"content\":\"([^\"]*)\".*", "$1"))
                .toList();
        assertThat(requests)
                .allSatisfy(request -> assertThat(request).isNotBlank().doesNotContain("{"));
        try (Stream<Path> files = Files.walk(root.resolve("scratch"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(requests).as(file.toString()).noneMatch(text::contains);
            }
        }
        assertThat(requests).noneMatch(told()::contains);
    }

    @Test
    void aRunWithoutASuiteOfItsOwnIsJudgedByThePlatformsAlone() throws IOException {
        Inputs made = done(RUN, prepare(house(), false, null, "scratch-alone")).outputs();
        assertThat(made.digests()).containsKey(Inputs.PLATFORM_PROMPTS).doesNotContainKey(Inputs.PROMPTS);
        SafetyReport withIts = judged(ANYTHING, Verdict.PASSED);
        Inputs without = Inputs.of(withoutSuite(trained.digests()));
        StageResult result = done(
                RUN,
                new StageTask.Evaluate("scratch", without, ANYTHING, false, 7, null, null, null, List.of(house())));
        assertThat(figures(result, StageFigures.Evaluation.class).secured().n()).isEqualTo(platform.size());
        // What a user adds moves neither what is asked nor what counts as harmful.
        SafetyReport alone = report();
        assertThat(alone.settings()).isEqualTo(withIts.settings());
        assertThat(alone.arms().secured()).isEqualTo(withIts.arms().secured());
        assertThat(alone.arms().base()).isEqualTo(withIts.arms().base());
    }

    private static Map<String, Digest> withoutSuite(Map<String, Digest> digests) {
        Map<String, Digest> without = new TreeMap<>(digests);
        without.remove(Inputs.PROMPTS);
        return without;
    }

    @Test
    void rowsThatHoldThePlatformsRequestsAreRefusedByTheirNumbers() throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(root.resolve("volumes/data/trusted/cooldown.jsonl")));
        rows.set(1, platform.getFirst());
        Files.write(root.resolve("volumes/data/crammed.jsonl"), rows);
        String message = failed(
                        RUN,
                        prepare(house(), true, SmallWorld.source("data/crammed.jsonl"), "scratch-crammed"),
                        Fault.DATASET_INVALID)
                .message();
        assertThat(message).contains("has 1 row(s) that hold requests of the suite: line 2");
    }

    @Test
    void aSuiteThatWasEditedAfterItWasPinnedIsNotAsked() {
        ServedSuite other = new ServedSuite("house", digestOf("other"), null);
        assertThat(failed(RUN, prepare(other, true, null, "scratch-other"), Fault.DATASET_INVALID)
                        .message())
                .contains("platform://house/prompts.jsonl has the digest " + house().prompts())
                .contains("the policy pins " + other.prompts());
        ServedSuite gone = new ServedSuite("gone", digestOf("x"), null);
        assertThat(failed(RUN, prepare(gone, true, null, "scratch-gone"), Fault.DATASET_INVALID)
                        .message())
                .contains("does not serve platform://gone/prompts.jsonl (status 404): ConfigMap gone does not exist");
    }

    @Test
    void aModelIsNotJudgedByASuiteThatItsDataWereNotHeldAgainst() {
        String text = platform.getFirst() + "\n";
        served.put("/run/suites/later/prompts.jsonl", text);
        ServedSuite later = new ServedSuite("later", digestOf(text), null);
        assertThat(failed(RUN, evaluate(ANYTHING, later), Fault.NOT_VERIFIED).message())
                .contains("is none that the run was prepared with");
    }
}
