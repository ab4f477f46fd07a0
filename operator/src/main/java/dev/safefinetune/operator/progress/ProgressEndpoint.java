package dev.safefinetune.operator.progress;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.OperatorSettings;
import dev.safefinetune.operator.observe.RunNaming;
import dev.safefinetune.operator.plan.ProgressPath;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes progress reports of the trainer's pods and shows them on the run's resource. */
@Path(ProgressPath.TEMPLATE)
public class ProgressEndpoint {
    private static final String BEARER = "Bearer ";
    private static final PatchContext MERGE =
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();

    private final KubernetesClient client;
    private final ReportingPod pods;
    private final Throttle throttle;
    private final MeterRegistry meters;

    ProgressEndpoint(KubernetesClient client, OperatorSettings settings, MeterRegistry meters) {
        this.client = client;
        this.pods = new ReportingPod(client);
        this.throttle = new Throttle(Duration.ofSeconds(settings.progress().intervalSeconds()));
        this.meters = meters;
    }

    /**
     * One report.
     *
     * @return 204 written; 202 too soon after the last, dropped; 400 no report; 401 not by a pod of the run; 409 the run
     *     has moved on
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response report(
            @PathParam("namespace") String namespace,
            @PathParam("plural") String plural,
            @PathParam("name") String name,
            @PathParam("run") String run,
            @HeaderParam("Authorization") @Nullable String authorization,
            String body) {
        Status outcome = outcome(namespace, plural, name, run, authorization, body);
        meters.counter("safefinetune.progress.reports", "status", String.valueOf(outcome.getStatusCode()))
                .increment();
        return Response.status(outcome).build();
    }

    private Status outcome(
            String namespace, String plural, String name, String run, @Nullable String authorization, String body) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return Status.UNAUTHORIZED;
        }
        // The same answer whether there is no such resource or no such right.
        CustomResource<?, ?> resource = resource(namespace, plural, name);
        Optional<Stage> stage = resource == null
                ? Optional.empty()
                : pods.stage(authorization.substring(BEARER.length()), resource, run);
        if (resource == null || stage.isEmpty()) {
            return Status.UNAUTHORIZED;
        }
        Progress progress;
        try {
            progress = ContractJson.read(body, Progress.class);
        } catch (IllegalArgumentException e) {
            return Status.BAD_REQUEST;
        }
        if (!run.equals(RunNaming.identity(resource, List.of()).id()) || progress.stage() != stage.get()) {
            return Status.CONFLICT;
        }
        String key = namespace + "/" + plural + "/" + run;
        Instant now = Instant.now();
        if (!throttle.isOpen(key, now)) {
            return Status.ACCEPTED;
        }
        Status written = write(resource, progress);
        if (written == Status.NO_CONTENT) {
            throttle.wrote(key, now);
        }
        return written;
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

    private Status write(HasMetadata resource, Progress progress) {
        try {
            client.resource(resource)
                    .subresource("status")
                    .patch(
                            MERGE,
                            ProgressPatch.of(progress, resource.getMetadata().getResourceVersion()));
            return Status.NO_CONTENT;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Status.CONFLICT;
            }
            throw e;
        }
    }
}
