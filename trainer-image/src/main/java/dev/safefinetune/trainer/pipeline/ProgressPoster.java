package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Posts progress to the operator, at most as often as it wishes. Whatever goes wrong is told to the log once and never
 * ends a stage: progress is a courtesy.
 */
final class ProgressPoster implements Consumer<Progress>, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ProgressTarget target;
    private final Path tokenFile;
    private final EventLog log;
    private final @Nullable HttpClient client;
    private @Nullable Instant last;
    private CompletableFuture<?> inFlight = CompletableFuture.completedFuture(null);
    private volatile boolean complained;

    ProgressPoster(ProgressTarget target, Path root, EventLog log) {
        this.target = target;
        this.tokenFile = root.resolve(target.tokenFile());
        this.log = log;
        this.client = client();
    }

    /** None where it cannot be told whom to trust: then nothing is posted to anybody. */
    private @Nullable HttpClient client() {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        try {
            if (target.authorities() != null) {
                builder.sslContext(TrustedAuthorities.context(target.authorities()));
            }
            return builder.build();
        } catch (GeneralSecurityException e) {
            complain(e.getClass().getSimpleName());
            return null;
        }
    }

    @Override
    public void accept(Progress progress) {
        Instant now = progress.lastUpdatedTime();
        boolean early = last != null && Duration.between(last, now).toSeconds() < target.everySeconds();
        if (client == null || early || !inFlight.isDone()) {
            return;
        }
        last = now;
        try {
            // Read each time: a projected token is replaced before it ends.
            String token = Files.readString(tokenFile).strip();
            HttpRequest request = HttpRequest.newBuilder(URI.create(target.url()))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(ContractJson.write(progress)))
                    .build();
            inFlight = client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .handle((response, error) -> {
                        if (error != null) {
                            Throwable cause = error.getCause() == null ? error : error.getCause();
                            complain(cause.getClass().getSimpleName());
                        } else if (response.statusCode() >= 300) {
                            complain("status " + response.statusCode());
                        }
                        return null;
                    });
        } catch (IOException | IllegalArgumentException e) {
            complain(e.getClass().getSimpleName());
        }
    }

    private void complain(String reason) {
        if (!complained) {
            complained = true;
            log.event("progress not posted", "reason", reason);
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
