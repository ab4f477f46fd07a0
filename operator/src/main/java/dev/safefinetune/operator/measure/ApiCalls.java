package dev.safefinetune.operator.measure;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the operator's writes to the API server. */
public final class ApiCalls implements Interceptor {
    private static final Pattern PATH = Pattern.compile(
            ".*?/(?:api/v1|apis/[^/]+/[^/]+)/(?:namespaces/[^/]+/)?(?<resource>[a-z]+)(?:/[^/]+(?<sub>/[a-z]+)?)?");

    /** What the operator writes, by the method and the status of a write that went well. */
    private static final Map<String, List<String>> WRITES = Map.of(
            "post 201",
            List.of(
                    "jobs",
                    "configmaps",
                    "persistentvolumeclaims",
                    "serviceaccounts",
                    "events",
                    "secrets",
                    "leases",
                    "tokenreviews",
                    "selfsubjectaccessreviews"),
            "put 200",
            List.of("safefinetunes/status", "securityvectors/status", "secrets"),
            "patch 200",
            List.of("safefinetunes/status", "securityvectors/status", "jobs", "leases"),
            "delete 200",
            List.of("jobs", "pods", "configmaps", "persistentvolumeclaims"));

    /** How the API server refuses a write: no right or no quota, a conflict, an invalid object, a webhook that is away. */
    private static final List<String> REFUSALS = List.of("403", "409", "422", "500");

    private final MeterRegistry meters;

    /** Counts into the registry, where each write that is known is there with 0 from now on. */
    public ApiCalls(MeterRegistry meters) {
        this.meters = meters;
        WRITES.forEach((way, resources) -> {
            String[] methodAndStatus = way.split(" ", 2);
            for (String resource : resources) {
                writes(methodAndStatus[0], resource, methodAndStatus[1]);
                REFUSALS.forEach(status -> writes(methodAndStatus[0], resource, status));
            }
        });
    }

    private Counter writes(String method, String resource, String status) {
        return Counter.builder("safefinetune.api.writes")
                .description("Writes to the API server, by the HTTP method and what was written")
                .tags("method", method, "resource", resource, "status", status)
                .register(meters);
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (request.method().equals("GET")) {
            return;
        }
        Matcher path = PATH.matcher(request.uri().getPath());
        writes(
                        request.method().toLowerCase(Locale.ROOT),
                        path.matches()
                                ? path.group("resource") + (path.group("sub") == null ? "" : path.group("sub"))
                                : "other",
                        String.valueOf(response.code()))
                .increment();
    }
}
