package dev.safefinetune.cluster.e2e;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test: no line of the operator's log since the test began says ERROR. */
final class OperatorLog implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace OWN = ExtensionContext.Namespace.create(OperatorLog.class);
    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b|\\bFATAL\\b");

    /** Tag of a test that cuts a node off, and with it a replica that may be there and has to say so. */
    static final String CUT_OFF = "cut-off";

    private static final Pattern UNREACHABLE = Pattern.compile("the API server at \\S+ cannot be reached");

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(OWN).put("begin", Instant.now());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Instant begin = requireNonNull(context.getStore(OWN).get("begin", Instant.class));
        boolean cutOff = context.getTags().contains(CUT_OFF);
        List<String> errors = since(begin).stream()
                .filter(line -> ERROR.matcher(line).find())
                .filter(line -> !cutOff || !UNREACHABLE.matcher(line).find())
                .toList();
        if (!errors.isEmpty()) {
            throw new AssertionError("the operator logged errors during this test:\n" + String.join("\n", errors));
        }
    }

    /** What all replicas have logged since. */
    static List<String> since(Instant begin) {
        List<Pod> pods = Replicas.all();
        if (pods.isEmpty()) {
            throw new AssertionError("no pod of the operator in " + Cluster.OPERATOR_NAMESPACE);
        }
        return pods.stream().flatMap(pod -> lines(pod, begin)).toList();
    }

    private static Stream<String> lines(Pod pod, Instant begin) {
        var resource = Cluster.client().resource(pod);
        try {
            return Cluster.client()
                    .pods()
                    .inNamespace(Cluster.OPERATOR_NAMESPACE)
                    .withName(resource.item().getMetadata().getName())
                    .sinceTime(begin.toString())
                    .getLog()
                    .lines();
        } catch (KubernetesClientException e) {
            // One that has not started yet has no log.
            return Stream.empty();
        }
    }
}
