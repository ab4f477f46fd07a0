package dev.safefinetune.operator.progress;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for something that only the pods of a SafeFineTune get. Whose pod it is has still to be asked of its token.
 *
 * @param resource that its path names, as it stands at the API server
 * @param token that it shows
 */
record Caller(SafeFineTune resource, String token) {
    private static final String BEARER = "Bearer ";

    /** None where the call shows no token, or names no SafeFineTune that there is. */
    static Optional<Caller> of(KubernetesClient client, ReportPath path, @Nullable String authorization) {
        if (authorization == null
                || !authorization.startsWith(BEARER)
                || !path.plural().equals("safefinetunes")) {
            return Optional.empty();
        }
        return Optional.ofNullable(client.resources(SafeFineTune.class)
                        .inNamespace(path.namespace())
                        .withName(path.name())
                        .get())
                .map(resource -> new Caller(resource, authorization.substring(BEARER.length())));
    }
}
