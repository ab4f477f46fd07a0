package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a stage cannot go on without, asked of the operator with the pod's own token. */
final class OperatorCalls {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** An operator that is rolled out anew, or whose lease changes hands, is there again within a minute. */
    private static final int ATTEMPTS = 60;

    /** The resource does not tell yet that this stage is at work; too many calls; the API server was not to be had. */
    private static final Set<Integer> LATER = Set.of(409, 429, 503);

    private final ProgressTarget target;
    private final Path tokenFile;
    private final Duration pause;

    /**
     * Calls of a pod.
     *
     * @param root the container's working directory
     * @param pause between two attempts
     */
    OperatorCalls(ProgressTarget target, Path root, Duration pause) {
        this.target = target;
        this.tokenFile = root.resolve(target.tokenFile());
        this.pause = pause;
    }

    /** The same at the usual pace; none where a job spec names nobody to ask. */
    static @Nullable OperatorCalls of(@Nullable ProgressTarget target, Path root) {
        return target == null ? null : new OperatorCalls(target, root, PAUSE);
    }

    /**
     * Sends JSON.
     *
     * @param path after the run's own address
     * @param what is asked, for a message
     * @throws TrainerException {@link Fault#STORAGE} where nobody answers
     */
    HttpResponse<String> post(String path, String json, String what) {
        return answer(
                path,
                what,
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Fetches; otherwise as {@link #post}. */
    HttpResponse<String> get(String path, String what) {
        return answer(path, what, HttpRequest.Builder::GET);
    }

    @FunctionalInterface
    private interface Method {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private HttpResponse<String> answer(String path, String what, Method method) {
        String last = "";
        try (HttpClient client = client()) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (attempt > 0) {
                    Thread.sleep(pause);
                }
                try {
                    HttpResponse<String> answer =
                            client.send(request(path, method), HttpResponse.BodyHandlers.ofString());
                    if (!LATER.contains(answer.statusCode())) {
                        return answer;
                    }
                    last = "status " + answer.statusCode();
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
        throw new TrainerException(Fault.STORAGE, "the operator could not be asked " + what + ": " + last);
    }

    private HttpClient client() throws GeneralSecurityException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        if (target.authorities() != null) {
            builder.sslContext(TrustedAuthorities.context(target.authorities()));
        }
        return builder.build();
    }

    private HttpRequest request(String path, Method method) throws IOException {
        return method.of(HttpRequest.newBuilder(URI.create(target.url() + path))
                        .timeout(TIMEOUT)
                        .header(
                                "Authorization",
                                "Bearer " + Files.readString(tokenFile).strip()))
                .build();
    }
}
