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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the operator's writes to the API server. */
public final class ApiCalls implements Interceptor {
    private static final Pattern PATH = Pattern.compile(
            ".*?/(?:api/v1|apis/[^/]+/[^/]+)/(?:namespaces/[^/]+/)?(?<resource>[a-z]+)(?:/[^/]+(?<sub>/[a-z]+)?)?");

    private final MeterRegistry meters;

    public ApiCalls(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (request.method().equals("GET")) {
            return;
        }
        Matcher path = PATH.matcher(request.uri().getPath());
        Counter.builder("safefinetune.api.writes")
                .description("Writes to the API server, by the HTTP method and what was written")
                .tags(
                        "method",
                        request.method().toLowerCase(Locale.ROOT),
                        "resource",
                        path.matches()
                                ? path.group("resource") + (path.group("sub") == null ? "" : path.group("sub"))
                                : "other",
                        "status",
                        String.valueOf(response.code()))
                .register(meters)
                .increment();
    }
}
