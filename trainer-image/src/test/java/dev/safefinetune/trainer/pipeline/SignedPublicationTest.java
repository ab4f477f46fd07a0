package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.safefinetune.attest.Judgement;
import dev.safefinetune.attest.KeyRing;
import dev.safefinetune.attest.Listing;
import dev.safefinetune.attest.SignedModel;
import dev.safefinetune.attest.SigningKey;
import dev.safefinetune.attest.TestResult;
import dev.safefinetune.attest.Verification;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SigningRequest;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The publish stage with an operator that signs, or does not. */
class SignedPublicationTest extends JudgedModel {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final SigningKey key = SigningKey.generate();
    private final TreeMap<Integer, Integer> answers = new TreeMap<>();
    private final HttpServer server;
    private int calls;

    SignedPublicationTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() throws IOException {
        calls = 0;
        answers.clear();
        Files.writeString(root.resolve("token"), "TOKEN\n");
        server.createContext("/run" + SigningRequest.PATH, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = answers.getOrDefault(calls++, 200);
            byte[] answer = (status == 200 ? signed(body) : "the digest is another").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.createContext("/run", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        if (server.getExecutor() == null) {
            server.setExecutor(Thread::startVirtualThread);
            server.start();
        }
    }

    @AfterEach
    void forget() {
        server.removeContext("/run" + SigningRequest.PATH);
        server.removeContext("/run");
    }

    private String signed(String body) {
        try {
            Judgement judgement = new Judgement(
                    "bot-1", "a/bot", "Merged", List.of(), new TreeMap<>(), new TreeMap<>(), true, 1, NOW);
            return ContractJson.write(SignedModel.sign(
                    Listing.parse(ContractJson.read(body, SigningRequest.class).manifest()),
                    new TestResult("PASSED", List.of(), List.of(), List.of(), List.of(), judgement),
                    key));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private StageResult run(StageTask.Publish task) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/run";
        operator = new ProgressTarget(url, "token", null, 1, Boolean.TRUE);
        try {
            return run(RUN, task);
        } finally {
            operator = null;
        }
    }

    private Verification verify(Path directory) throws IOException {
        return Verification.of(directory, new KeyRing(List.of(key.verifying())), NOW);
    }

    @Test
    void whatIsPublishedIsSignedWithAllThatLiesBesideIt() throws Exception {
        for (PublishedContent content : PublishedContent.values()) {
            StageTask.Publish task = publish(content, "signed-" + content);
            // The resource does not tell yet that this stage is at work.
            answers.put(0, 409);
            calls = 0;
            assertThat(run(task).fault()).isNull();
            Path directory = root.resolve(task.output().path());
            assertThat(verify(directory).problems()).isEmpty();
            assertThat(calls).isEqualTo(2);
            assertThat(ModelDirectory.digest(directory)).isEqualTo(task.judged());
            AtomicDirectory.verify(directory);
            // Once more in its place: the signatures of the earlier result are no files of somebody else's.
            assertThat(run(task).fault()).isNull();
            assertThat(verify(directory).isVerified()).isTrue();
        }
    }

    @Test
    void whatTheOperatorRefusesIsNotPublished() throws IOException {
        StageTask.Publish task = publish(PublishedContent.MERGED, "refused");
        answers.put(0, 403);
        StageResult result = run(task);
        assertThat(result.fault()).isEqualTo(Fault.PUBLISH_CHECK_FAILED);
        assertThat(result.message()).contains("the operator does not sign").contains("the digest is another");
        assertThat(root.resolve(task.output().path())).doesNotExist();
        // What lay there stays.
        answers.clear();
        assertThat(run(task).fault()).isNull();
        String before = Files.readString(root.resolve(task.output().path()).resolve(PublishedFiles.STATEMENT));
        answers.put(calls, 401);
        assertThat(run(task).fault()).isEqualTo(Fault.PUBLISH_CHECK_FAILED);
        assertThat(root.resolve(task.output().path()).resolve(PublishedFiles.STATEMENT))
                .hasContent(before);
    }

    @Test
    void aSignatureOfSomebodyElsesIsNotDeleted() throws IOException {
        StageTask.Publish task = publish(PublishedContent.MERGED, "theirs");
        done(RUN, task);
        Path directory = root.resolve(task.output().path());
        assertThat(directory.resolve(PublishedFiles.STATEMENT)).doesNotExist();
        Files.writeString(directory.resolve(PublishedFiles.SIGNATURE), "theirs");
        StageResult result = failed(RUN, task, Fault.OUTPUT_NOT_WRITABLE);
        assertThat(result.message()).contains("model.sig");
        assertThat(directory.resolve(PublishedFiles.SIGNATURE)).hasContent("theirs");
    }

    @Test
    void theBillOfMaterialsIsOneAndNamesEveryFile() throws Exception {
        for (PublishedContent content : PublishedContent.values()) {
            StageTask.Publish task = publish(content, "bill-" + content);
            done(RUN, task);
            Path directory = root.resolve(task.output().path());
            byte[] bill = Files.readAllBytes(directory.resolve(PublishedFiles.BILL));
            assertThat(new JsonParser().validate(bill, Version.VERSION_16)).isEmpty();
            String text = new String(bill, StandardCharsets.UTF_8);
            ModelDirectory.modelFiles(directory)
                    .forEach(name -> assertThat(text).contains("\"name\" : \"" + name + "\""));
            assertThat(text).contains(task.judged().value().substring("sha256:".length()));
            String first = text;
            done(RUN, task);
            assertThat(directory.resolve(PublishedFiles.BILL)).hasContent(first);
        }
    }
}
