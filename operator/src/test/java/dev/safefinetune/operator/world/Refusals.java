package dev.safefinetune.operator.world;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an API server's quotas, admission and outages refuse a client, as method and path match a pattern. */
public final class Refusals implements Interceptor {
    private record Refusal(Pattern requests, int code, String message) {}

    private volatile @Nullable Refusal refusal;

    /** From now on; {@code requests} is found in method and path, such as {@code POST .*&#47;jobs$}. */
    public void refuse(String requests, int code, String message) {
        refusal = new Refusal(Pattern.compile(requests), code, message);
    }

    public void allow() {
        refusal = null;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Refusal now = refusal;
        if (now != null
                && now.requests
                        .matcher(request.method() + " " + request.uri().getPath())
                        .find()) {
            throw new KubernetesClientException(new StatusBuilder()
                    .withStatus("Failure")
                    .withCode(now.code)
                    .withMessage(now.message)
                    .build());
        }
    }
}
