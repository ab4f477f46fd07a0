package dev.safefinetune.cli.run;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Plays the trainer: reads the job spec, reports progress, states a result, and trains nothing. So the chain around the
 * trainer is tested in seconds.
 *
 * <p>A file beside the dataset tells it to misbehave: {@code act-<Stage>} with {@code fault <Name>}, {@code die},
 * {@code sleep <millis>}, or {@code fail-verdict}.
 */
public final class ActingTrainer {
    private static final Digest DIGEST = new Digest("sha256:" + "ab".repeat(32));

    private final JobSpec job;
    private final String act;

    private ActingTrainer(JobSpec job, String act) {
        this.job = job;
        this.act = act;
    }

    public static void main(String[] arguments) throws Exception {
        String told = Files.readString(Path.of(arguments[1]));
        JobSpec job = ContractJson.read(told, JobSpec.class);
        Path acts = Path.of(System.getenv("ACTS"));
        Stage stage = job.task().stage();
        Files.writeString(
                acts.resolve("started"),
                job.run().id() + " " + stage.text() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Path act = acts.resolve("act-" + stage.text());
        StageResult result = new ActingTrainer(
                        job, Files.exists(act) ? Files.readString(act).strip() : "")
                .play()
                .toldBy(Digest.of(told));
        Files.writeString(Path.of(arguments[3]), ContractJson.write(result));
        Fault fault = result.fault();
        System.exit(fault == null ? 0 : fault.exitCode());
    }

    private StageResult play() throws IOException, InterruptedException {
        String[] words = act.split(" ");
        for (int percent = 0; percent <= 100; percent += 50) {
            report(percent);
            Thread.sleep(words[0].equals("sleep") ? Long.parseLong(words[1]) / 3 : 50);
        }
        if (words[0].equals("die")) {
            Runtime.getRuntime().halt(9);
        }
        if (words[0].equals("fault")) {
            return StageResult.failed(
                    job.run(), job.task().stage(), Fault.valueOf(words[1]), "played fault on line 17");
        }
        return StageResult.done(job.run(), job.task().stage(), outputs(), figures());
    }

    private void report(int percent) throws IOException, InterruptedException {
        JobSpec.ProgressTarget target = job.progress();
        if (target == null) {
            return;
        }
        Progress progress = new Progress(
                job.task().stage(), percent, 1L, "playing", percent, 100, 0.25, 1234.0, Instant.now(), null);
        HttpRequest request = HttpRequest.newBuilder(URI.create(target.url()))
                .header("Authorization", "Bearer " + Files.readString(Path.of(target.tokenFile())))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ContractJson.write(progress)))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trust(target)).build()) {
            int code =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            System.out.println("progress " + percent + ": " + code);
        } catch (IOException e) {
            System.out.println("progress " + percent + ": " + e);
        }
    }

    private static SSLContext trust(JobSpec.ProgressTarget target) throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            byte[] authorities = String.valueOf(target.authorities()).getBytes(StandardCharsets.US_ASCII);
            for (Certificate each : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(authorities))) {
                trusted.setCertificateEntry("authority-" + trusted.size(), each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private Inputs outputs() {
        Map<String, Digest> digests = new TreeMap<>();
        List<String> names = switch (job.task().stage()) {
            case PREPARE -> List.of(Inputs.MODEL, Inputs.DATASET, Inputs.PROMPTS);
            case TRAIN -> List.of(Inputs.SECURED, Inputs.TRAINING_RECORD);
            case EVALUATE, ASSESS -> List.of(Inputs.REPORT);
            case PREPARE_VECTOR -> List.of(Inputs.MODEL, Inputs.HARMFUL, Inputs.BENIGN);
            case TRAIN_VECTOR -> List.of(Inputs.VECTOR);
            case PUBLISH, STORE -> List.of();
        };
        names.forEach(n -> digests.put(n, DIGEST));
        return Inputs.of(digests);
    }

    private StageFigures figures() {
        Rate low = new Rate(0.0, 0.0, 0.01, 300);
        boolean failed = act.equals("fail-verdict");
        return switch (job.task()) {
            case StageTask.Prepare t -> new StageFigures.Data(10, 100, 50, 20, 1000);
            case StageTask.PrepareVector t -> new StageFigures.Data(10, 100, 50, 20, 1000);
            case StageTask.Train t -> new StageFigures.Training(10, 0.1, 1.0, 1000, 10, 1, null, 1000);
            case StageTask.TrainVector t -> new StageFigures.Training(10, 0.1, 1.0, 1000, 0, 0, null, 1000);
            case StageTask.Evaluate t ->
                new StageFigures.Evaluation(
                        failed ? Verdict.FAILED : Verdict.PASSED,
                        failed ? List.of("harmful compliance is too high") : List.of(),
                        low,
                        low,
                        null,
                        null,
                        null,
                        null,
                        null,
                        false,
                        null,
                        null,
                        null);
            case StageTask.Publish t -> new StageFigures.Publication(t.output().uri(), DIGEST, DIGEST, 1000);
            case StageTask.Store t -> new StageFigures.Publication(t.storage().uri(), DIGEST, DIGEST, 1000);
            case StageTask.Assess t ->
                new StageFigures.Readiness(
                        failed ? Verdict.FAILED : Verdict.PASSED,
                        failed ? List.of("explains too little") : List.of(),
                        2.0,
                        0.5,
                        new StageFigures.Readiness.Replay(DIGEST, 100, 60),
                        null,
                        new TreeMap<>(Map.of("all", new StageFigures.Readiness.Category(0.9, 1.0, 0.1, 60, 100))),
                        0.01,
                        0.0,
                        List.of(),
                        null);
        };
    }
}
