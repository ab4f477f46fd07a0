package dev.safefinetune.local.api.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ObjectKey;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import dev.safefinetune.local.api.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives tokens out (TokenRequest) and says whose they are (TokenReview). */
public final class TokenReviews {
    private static final ResourceType ACCOUNTS = ResourceTypes.builtIn("serviceaccounts");
    private static final ResourceType PODS = ResourceTypes.builtIn("pods");
    private static final long SHORTEST_SECONDS = 600;

    private final ObjectStore store;
    private final Tokens tokens;
    private final Clock clock;

    public TokenReviews(ObjectStore store, Tokens tokens, Clock clock) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Answers a TokenRequest for a service account.
     *
     * @throws ApiFault when the account or the pod to bind to is not there
     */
    public ObjectNode request(String namespace, String account, ObjectNode request) {
        ObjectNode serviceAccount = store.get(ObjectKey.of(ACCOUNTS, namespace, account))
                .orElseThrow(() -> ApiFault.notFound(ACCOUNTS, account));
        JsonNode spec = request.path("spec");
        long seconds = spec.path("expirationSeconds").asLong(3600);
        if (seconds < SHORTEST_SECONDS) {
            throw ApiFault.badRequest("may not specify a duration less than 10 minutes");
        }
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(a -> audiences.add(a.asText()));
        if (audiences.isEmpty()) {
            audiences.add(Tokens.API_AUDIENCE);
        }
        ObjectNode answer = request.deepCopy();
        answer.putObject("status")
                .put(
                        "token",
                        tokens.sign(
                                serviceAccount,
                                boundPod(namespace, spec.path("boundObjectRef")),
                                audiences,
                                Duration.ofSeconds(seconds)))
                .put("expirationTimestamp", Meta.time(clock.instant().plusSeconds(seconds)));
        return answer;
    }

    private @Nullable ObjectNode boundPod(String namespace, JsonNode reference) {
        if (!reference.path("kind").asText().equals("Pod")) {
            return null;
        }
        String name = reference.path("name").asText();
        ObjectNode pod =
                store.get(ObjectKey.of(PODS, namespace, name)).orElseThrow(() -> ApiFault.notFound(PODS, name));
        if (reference.hasNonNull("uid") && !reference.path("uid").asText().equals(Meta.uid(pod))) {
            throw ApiFault.conflict(
                    PODS, name, "the UID in the bound object reference does not match the UID in record");
        }
        return pod;
    }

    /** Answers a TokenReview. */
    public ObjectNode review(ObjectNode review) {
        ObjectNode answer = review.deepCopy();
        ObjectNode status = answer.putObject("status");
        JsonNode claims = tokens.read(review.at("/spec/token").asText("")).orElse(null);
        if (claims == null || !isAlive(claims)) {
            status.put("authenticated", false).put("error", "invalid bearer token");
            return answer;
        }
        List<String> common = new ArrayList<>();
        JsonNode asked = review.at("/spec/audiences");
        for (JsonNode audience : claims.path("aud")) {
            boolean wanted = asked.isEmpty() && audience.asText().equals(Tokens.API_AUDIENCE);
            for (JsonNode each : asked) {
                wanted |= each.equals(audience);
            }
            if (wanted) {
                common.add(audience.asText());
            }
        }
        if (common.isEmpty()) {
            status.put("authenticated", false)
                    .put(
                            "error",
                            "token audiences " + claims.path("aud") + " is invalid for the target audiences " + asked);
            return answer;
        }
        status.put("authenticated", true);
        describe(status.putObject("user"), claims);
        ArrayNode audiences = status.putArray("audiences");
        common.forEach(audiences::add);
        return answer;
    }

    private static void describe(ObjectNode user, JsonNode claims) {
        JsonNode own = claims.path("kubernetes.io");
        String namespace = own.path("namespace").asText();
        user.put("username", claims.path("sub").asText());
        user.put("uid", own.at("/serviceaccount/uid").asText());
        user.putArray("groups")
                .add("system:serviceaccounts")
                .add("system:serviceaccounts:" + namespace)
                .add("system:authenticated");
        ObjectNode extra = user.putObject("extra");
        extra.putArray("authentication.kubernetes.io/credential-id")
                .add("JTI=" + claims.path("jti").asText());
        if (own.has("pod")) {
            extra.putArray("authentication.kubernetes.io/pod-name")
                    .add(own.at("/pod/name").asText());
            extra.putArray("authentication.kubernetes.io/pod-uid")
                    .add(own.at("/pod/uid").asText());
        }
    }

    /** A token dies with its account and with the pod it is bound to. */
    private boolean isAlive(JsonNode claims) {
        JsonNode own = claims.path("kubernetes.io");
        String namespace = own.path("namespace").asText();
        return exists(ACCOUNTS, namespace, own.path("serviceaccount"))
                && (!own.has("pod") || exists(PODS, namespace, own.path("pod")));
    }

    private boolean exists(ResourceType type, String namespace, JsonNode reference) {
        return store.get(ObjectKey.of(type, namespace, reference.path("name").asText()))
                .filter(o -> Meta.uid(o).equals(reference.path("uid").asText()))
                .isPresent();
    }
}
