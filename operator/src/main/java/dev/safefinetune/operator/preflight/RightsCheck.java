package dev.safefinetune.operator.preflight;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks the API server for each right whether the operator has it; every user may ask that about itself. */
final class RightsCheck {
    /** All namespaces, in an access review. */
    private static final String ALL = "";

    /** Objects of any name. */
    private static final String ANY = "";

    /**
     * Many small questions. One after the other, each waits for the API server; all together, each opens a connection of
     * its own, whose handshake costs far more than the question.
     */
    private static final int AT_ONCE = 4;

    private final KubernetesClient client;
    private final List<Right> rights;
    private final Set<String> watched;
    private final String own;

    /** {@code watched}: empty for all namespaces. */
    RightsCheck(KubernetesClient client, List<Right> rights, Set<String> watched, String own) {
        this.client = client;
        this.rights = rights;
        this.watched = watched;
        this.own = own;
    }

    /** What is missing, a sentence for each rule; empty: nothing. */
    List<String> missing() throws InterruptedException {
        ExecutorService asking = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Asked> all = new ArrayList<>();
            for (Right right : rights) {
                for (String namespace : namespaces(right.scope())) {
                    for (String name : right.names().isEmpty() ? List.of(ANY) : right.names()) {
                        List<Future<Boolean>> answers = right.verbs().stream()
                                .map(verb -> asking.submit(() -> isAllowed(right, verb, namespace, name)))
                                .toList();
                        all.add(new Asked(right, namespace, name, answers));
                    }
                }
            }
            List<String> missing = new ArrayList<>();
            for (Asked asked : all) {
                List<String> verbs = asked.refused();
                if (!verbs.isEmpty()) {
                    missing.add(sentence(asked, verbs));
                }
            }
            return missing;
        } finally {
            // Where one has failed, the others would fail after it, each in its time.
            asking.shutdownNow();
        }
    }

    private record Asked(Right right, String namespace, String name, List<Future<Boolean>> answers) {
        List<String> refused() throws InterruptedException {
            List<String> refused = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                if (!get(answers.get(i))) {
                    refused.add(right.verbs().get(i));
                }
            }
            return refused;
        }

        private static boolean get(Future<Boolean> answer) throws InterruptedException {
            try {
                return answer.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private Iterable<String> namespaces(Right.Scope scope) {
        return switch (scope) {
            case CLUSTER -> List.of(ALL);
            case WATCHED -> watched.isEmpty() ? List.of(ALL) : watched;
            case OWN -> List.of(own);
        };
    }

    private boolean isAllowed(Right right, String verb, String namespace, String name) {
        String[] parts = right.resource().split("/", 2);
        SelfSubjectAccessReview answer = client.resource(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withGroup(right.group())
                        .withResource(parts[0])
                        .withSubresource(parts.length == 1 ? null : parts[1])
                        .withVerb(verb)
                        .withNamespace(namespace.equals(ALL) ? null : namespace)
                        .withName(name.equals(ANY) ? null : name)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create();
        return answer.getStatus() != null
                && Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }

    private static String sentence(Asked asked, List<String> verbs) {
        return "a rule is missing "
                + (asked.namespace().equals(ALL) ? "for the whole cluster" : "in namespace " + asked.namespace())
                + ": {apiGroups: [\"" + asked.right().group() + "\"], resources: ["
                + asked.right().resource() + "]"
                + (asked.name().equals(ANY) ? "" : ", resourceNames: [" + asked.name() + "]") + ", verbs: " + verbs
                + "}";
    }
}
