package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.chart.Chart;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API server with the corpus's objects in namespaces of its own, and its users, each of whom may do everything in them.
 * Requests are dry runs, so that one leaves nothing to the next.
 */
record World(ControlPlane server, Corpus corpus) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RULE = Pattern.compile("\\(([a-z][A-Za-z]*\\.[a-z][A-Za-z]*)\\)");
    /** Without these no pod can be asked for, and nobody has a right. */
    private static final Set<String> ALWAYS = Set.of("everything", "default-account", "builder", "safefinetune-train");

    private static final String POLICY = "ValidatingAdmissionPolicy";

    /**
     * What became of a request.
     *
     * @param rule the rule that refused it; empty: none did
     */
    record Verdict(int status, String rule, String message) {
        boolean is(Attempt attempt) {
            return attempt.isAllowed() ? rule.isEmpty() && wentOn(attempt) : rule.equals(attempt.rule());
        }

        /** Nobody listens behind a connection, so that one that is let through fails later. */
        private boolean wentOn(Attempt attempt) {
            return status < 300 || attempt.verb().equals("connect") && status != 403;
        }
    }

    /** What belongs to no namespace, and the rights of users. */
    void furnish() {
        corpus.world().path("cluster").forEach(object -> apply("", (ObjectNode) object));
        corpus.world()
                .path("kinds")
                .properties()
                .forEach(group -> group.getValue()
                        .forEach(kind -> apply("", CustomKind.definition(group.getKey(), kind.asText()))));
        await("the corpus's own kinds", () -> {
            Answer answer = send("admin", "GET", "/apis/leaderworkerset.x-k8s.io/v1", null);
            return answer.status() == 200;
        });
    }

    /** Makes a namespace with labels and the objects of the corpus that are there before any request. */
    void namespace(String name, Set<String> objects, String labels) {
        ObjectNode namespace =
                read("{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: %s}}".formatted(name, labels));
        apply("", namespace);
        for (JsonNode fixture : corpus.world().path("fixtures")) {
            if (ALWAYS.contains(fixture.asText()) || objects.contains(fixture.asText())) {
                apply(name, corpus.object(fixture.asText()));
            }
        }
    }

    /** Asks as a user of the corpus. {@code guarded} is the namespace that plays the guarded one; others derive from it. */
    Verdict judge(Attempt attempt, String guarded) {
        return verdict(ask(attempt, in(attempt.place(), guarded)));
    }

    /** The namespace that plays a place of the corpus beside a guarded one. */
    static String in(String place, String guarded) {
        return switch (place) {
            case "guarded" -> guarded;
            case "own" -> guarded.equals("guarded") ? Chart.NAMESPACE : "own-" + guarded;
            default -> place + "-" + guarded;
        };
    }

    /** What an attempt is about, as in a policy's rules: the plural of its kind, with its subresource. */
    String resource(Attempt attempt) {
        return switch (attempt.verb()) {
            case "connect" -> "pods/" + attempt.subresource();
            case "token" -> "serviceaccounts/token";
            default -> {
                String path = path("", corpus.object(attempt.object()));
                String sub = attempt.subresource().isEmpty() ? "" : "/" + attempt.subresource();
                yield path.substring(path.lastIndexOf('/') + 1) + sub;
            }
        };
    }

    private Answer ask(Attempt attempt, String namespace) {
        if (attempt.verb().equals("connect")) {
            String path = "/api/v1/namespaces/" + namespace + "/pods/" + attempt.object() + "/" + attempt.subresource();
            return send(
                    attempt.as(),
                    attempt.subresource().equals("proxy") ? "GET" : "POST",
                    path + "?command=ls&stdout=1",
                    null);
        }
        if (attempt.verb().equals("token")) {
            ObjectNode request =
                    read("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {audiences: [someone]}}");
            String path = "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + attempt.object() + "/token";
            return send(attempt.as(), "POST", path, request);
        }
        ObjectNode object = corpus.object(attempt.object());
        String all = path(namespace, object);
        String one = all + "/"
                + (object.path("kind").asText().equals("Namespace")
                        ? namespace
                        : object.at("/metadata/name").asText());
        return switch (attempt.verb()) {
            case "create" -> send(attempt.as(), "POST", all + "?dryRun=All", attempt.changed(object));
            case "update" -> {
                ObjectNode now = (ObjectNode) send("admin", "GET", one, null).body();
                String sub = attempt.subresource().isEmpty() ? "" : "/" + attempt.subresource();
                yield send(attempt.as(), "PUT", one + sub + "?dryRun=All", attempt.changed(now));
            }
            case "delete" -> send(attempt.as(), "DELETE", one + "?dryRun=All", null);
            case "deletecollection" ->
                send(
                        attempt.as(),
                        "DELETE",
                        all + "?dryRun=All&fieldSelector=metadata.name%3D"
                                + object.at("/metadata/name").asText(),
                        null);
            default -> throw new IllegalArgumentException(attempt.verb());
        };
    }

    private static Verdict verdict(Answer answer) {
        String message = answer.body().path("message").asText();
        if (answer.status() < 300 || !message.contains(POLICY)) {
            return new Verdict(answer.status(), "", message);
        }
        Matcher rule = RULE.matcher(message);
        return new Verdict(answer.status(), rule.find() ? rule.group(1) : "none", message);
    }

    /** Makes an object as the administrator. */
    void apply(String namespace, ObjectNode object) {
        Answer answer = offer(namespace, object);
        if (answer.status() >= 300) {
            throw new IllegalStateException(
                    "%s: %d %s".formatted(path(namespace, object), answer.status(), answer.body()));
        }
    }

    /** The same, where the API server may refuse it. */
    Answer offer(String namespace, ObjectNode object) {
        return send("admin", "POST", path(namespace, object), object);
    }

    void delete(ObjectNode object) {
        send(
                "admin",
                "DELETE",
                path("", object) + "/" + object.at("/metadata/name").asText(),
                null);
    }

    private static String path(String namespace, ObjectNode object) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
        String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
        plural = kind.endsWith("ss") ? kind + "es" : plural;
        return (version.contains("/") ? "/apis/" : "/api/") + version
                + (namespace.isEmpty() || kind.equals("namespace") ? "" : "/namespaces/" + namespace) + "/" + plural;
    }

    record Answer(int status, JsonNode body) {}

    Answer send(String user, String method, String path, @Nullable ObjectNode body) {
        KubernetesClient client = server.client();
        HttpRequest.Builder request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(server.config().getMasterUrl().replaceAll("/$", "") + path)
                .method(method, "application/json", body == null ? null : body.toString());
        if (!user.equals("admin")) {
            JsonNode known = corpus.world().path("users").path(user);
            request.header("Impersonate-User", known.path("name").asText("system:serviceaccount:kube-system:" + user));
            request.header("Impersonate-Group", "system:authenticated");
            known.path("groups").forEach(group -> request.header("Impersonate-Group", group.asText()));
        }
        try {
            HttpResponse<String> response = client.getHttpClient()
                    .sendAsync(request.build(), String.class)
                    .get();
            String text = response.bodyString();
            return new Answer(
                    response.code(),
                    text.startsWith("{")
                            ? JSON.readTree(text)
                            : JSON.createObjectNode().put("message", text));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    interface Check {
        boolean holds();
    }

    /** Waits for what the API server takes up in its own time. */
    static void await(String what, Check check) {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (!check.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static ObjectNode read(String yaml) {
        return (ObjectNode) Chart.objects(yaml).getFirst();
    }

    /** What is wrong: the attempts that were judged otherwise than the corpus says, a sentence each. */
    List<String> wrong(List<Attempt> attempts, String guarded) {
        return attempts.stream()
                .map(attempt -> new Judged(attempt, judge(attempt, guarded)))
                .filter(judged -> !judged.verdict().is(judged.attempt()))
                .map(Judged::sentence)
                .toList();
    }

    private record Judged(Attempt attempt, Verdict verdict) {
        String sentence() {
            return "%s: %s expected, but %s (%d %s)"
                    .formatted(
                            attempt.name(),
                            attempt.isAllowed() ? "allowed" : attempt.rule(),
                            verdict.rule().isEmpty() ? "no rule refused it" : verdict.rule(),
                            verdict.status(),
                            verdict.message());
        }
    }
}
