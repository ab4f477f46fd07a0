package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SignedFiles;
import dev.safefinetune.contract.SigningRequest;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the operator sign what is published. The key never comes here: the list of digests goes there, and what comes back is
 * written as it stands.
 */
final class OperatorSignature {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** An operator that is rolled out anew, or whose lease changes hands, is there again within a minute. */
    private static final int ATTEMPTS = 60;

    private static final int SIGNED = 200;
    private static final int REFUSED = 403;

    /** The resource does not tell yet that this stage is at work; too many calls; the API server was not to be had. */
    private static final Set<Integer> LATER = Set.of(409, 429, 503);

    private static final int MOST_WORDS = 300;

    private final ProgressTarget target;
    private final Path tokenFile;
    private final Duration pause;

    OperatorSignature(ProgressTarget target, Path root, Duration pause) {
        this.target = target;
        this.tokenFile = root.resolve(target.tokenFile());
        this.pause = pause;
    }

    /** None where a job spec asks for none. */
    static @Nullable OperatorSignature of(JobSpec spec, Path root) {
        ProgressTarget target = spec.progress();
        return target == null || !Boolean.TRUE.equals(target.signs())
                ? null
                : new OperatorSignature(target, root, PAUSE);
    }

    /**
     * The files that sign what a manifest lists, by name.
     *
     * @throws TrainerException {@link Fault#PUBLISH_CHECK_FAILED} where the operator refuses, {@link Fault#STORAGE} where it
     *     cannot be reached
     */
    Map<String, String> sign(String manifest) {
        String last = "";
        try (HttpClient client = client()) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (attempt > 0) {
                    Thread.sleep(pause);
                }
                try {
                    HttpResponse<String> answer = client.send(request(manifest), HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == SIGNED) {
                        return files(answer.body());
                    }
                    last = "status " + answer.statusCode();
                    if (!LATER.contains(answer.statusCode())) {
                        throw refused(answer);
                    }
                } catch (IOException e) {
                    last = e.getClass().getSimpleName();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last = "interrupted";
        } catch (GeneralSecurityException e) {
            last = e.getClass().getSimpleName();
        }
        throw new TrainerException(
                Fault.STORAGE, "the operator could not be asked to sign what is to be published: " + last);
    }

    private HttpClient client() throws GeneralSecurityException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        if (target.authorities() != null) {
            builder.sslContext(TrustedAuthorities.context(target.authorities()));
        }
        return builder.build();
    }

    private HttpRequest request(String manifest) throws IOException {
        return HttpRequest.newBuilder(URI.create(target.url() + SigningRequest.PATH))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + Files.readString(tokenFile).strip())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ContractJson.write(new SigningRequest(manifest))))
                .build();
    }

    private static TrainerException refused(HttpResponse<String> answer) {
        String words = answer.statusCode() == REFUSED ? ": " + answer.body() : "";
        return new TrainerException(
                Fault.PUBLISH_CHECK_FAILED,
                "the operator does not sign what is to be published (status " + answer.statusCode() + ")"
                        + words.substring(0, Math.min(words.length(), MOST_WORDS)));
    }

    private static Map<String, String> files(String body) {
        try {
            SignedFiles files = ContractJson.read(body, SignedFiles.class);
            return Map.of(
                    PublishedFiles.STATEMENT, files.statement(),
                    PublishedFiles.SIGNATURE, files.signature());
        } catch (IllegalArgumentException e) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED, "the operator's signature cannot be read: " + e.getMessage(), e);
        }
    }
}
