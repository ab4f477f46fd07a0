package dev.safefinetune.operator.progress;

import dev.safefinetune.api.v1alpha1.ProgressStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.RunNaming;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges progress reports of the trainer's pods and shows them on the run's resource. */
final class ProgressReports {
    static final int WRITTEN = 204;
    static final int TOO_SOON = 202;
    static final int NO_REPORT = 400;
    static final int NOT_A_POD_OF_THE_RUN = 401;
    static final int MOVED_ON = 409;

    private static final String BEARER = "Bearer ";
    private static final PatchContext MERGE =
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();

    private final KubernetesClient client;
    private final ReportingPod pods;
    private final KnownTokens known;
    private final Throttle throttle;
    private final InstantSource clock;

    ProgressReports(KubernetesClient client, Duration interval, InstantSource clock) {
        this.client = client;
        this.pods = new ReportingPod(client);
        this.known = new KnownTokens(clock);
        this.throttle = new Throttle(interval);
        this.clock = clock;
    }

    /**
     * One report.
     *
     * @return the HTTP status: 204 written; 202 too soon after the last, dropped; 400 no report; 401 not by a pod of the
     *     run; 409 the run has moved on
     */
    int outcome(ReportPath path, @Nullable String authorization, String body) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return NOT_A_POD_OF_THE_RUN;
        }
        // The same answer whether there is no such resource or no such right.
        CustomResource<?, ?> resource = resource(path.namespace(), path.plural(), path.name());
        if (resource == null) {
            return NOT_A_POD_OF_THE_RUN;
        }
        String token = authorization.substring(BEARER.length());
        Optional<Stage> stage = known.stage(
                token, resource.getMetadata().getUid(), path.run(), () -> pods.stage(token, resource, path.run()));
        if (stage.isEmpty()) {
            return NOT_A_POD_OF_THE_RUN;
        }
        Progress progress;
        try {
            progress = ContractJson.read(body, Progress.class);
        } catch (IllegalArgumentException e) {
            return NO_REPORT;
        }
        if (!path.run().equals(RunNaming.identity(resource).id()) || progress.stage() != stage.get()) {
            return MOVED_ON;
        }
        String key = path.namespace() + "/" + path.plural() + "/" + path.run();
        Instant now = clock.instant();
        if (!throttle.isOpen(key, shown(resource), progress, now)) {
            return TOO_SOON;
        }
        int written = write(resource, progress);
        if (written == WRITTEN) {
            throttle.wrote(key, now);
        }
        return written;
    }

    private static @Nullable ProgressStatus shown(CustomResource<?, ?> resource) {
        return switch (resource.getStatus()) {
            case SafeFineTuneStatus status -> status.progress();
            case SecurityVectorStatus status -> status.progress();
            case null, default -> null;
        };
    }

    private @Nullable CustomResource<?, ?> resource(String namespace, String plural, String name) {
        return switch (plural) {
            case "safefinetunes" ->
                client.resources(SafeFineTune.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
            case "securityvectors" ->
                client.resources(SecurityVector.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
            default -> null;
        };
    }

    private int write(HasMetadata resource, Progress progress) {
        try {
            client.resource(resource)
                    .subresource("status")
                    .patch(
                            MERGE,
                            ProgressPatch.of(progress, resource.getMetadata().getResourceVersion()));
            return WRITTEN;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return MOVED_ON;
            }
            throw e;
        }
    }
}
