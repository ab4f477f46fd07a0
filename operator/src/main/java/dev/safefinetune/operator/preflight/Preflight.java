package dev.safefinetune.operator.preflight;

import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until nothing is in the way of a start. What is in the way is told in the log and makes the operator unready; it
 * does not end the process: a crash loop would hide the reason behind its growing pauses, and a right that is granted or a
 * CRD that is applied is then seen within seconds.
 */
public final class Preflight {
    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
    private static final int REQUEST_MILLIS = 5_000;

    private final KubernetesClient client;
    private final RightsCheck rights;
    private final CrdCheck crds;
    private final Duration between;
    private volatile List<String> findings = List.of("the start has not been checked yet");

    /**
     * The checks.
     *
     * @param watched namespaces; empty: all
     * @param own the operator's own namespace
     * @param between time between two looks
     */
    public Preflight(KubernetesClient client, List<Right> needed, Set<String> watched, String own, Duration between) {
        // An API server that is away is told of at once, and asked again here.
        this.client = client.newClient(new RequestConfigBuilder()
                        .withRequestTimeout(REQUEST_MILLIS)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .adapt(KubernetesClient.class);
        this.rights = new RightsCheck(this.client, needed, watched, own);
        this.crds = new CrdCheck(this.client);
        this.between = between;
    }

    /** What is in the way as of the last look; empty: nothing. */
    public List<String> findings() {
        return findings;
    }

    /** Returns once nothing is in the way. */
    public void await() throws InterruptedException {
        // Each sentence once: a name server words one failure now this way, now that.
        Set<String> told = new HashSet<>();
        // What was just put right is looked at twice: an API server that has been given a CRD anew goes on closing the
        // connections of the time before for a moment, and the first watches would be among them.
        boolean settled = true;
        while (true) {
            List<String> now = look();
            findings = now;
            if (now.isEmpty() && settled) {
                return;
            }
            settled = now.isEmpty();
            now.stream()
                    .filter(told::add)
                    .forEach(finding ->
                            LogLine.error(LOG).with("reason", "NotReady").say(finding));
            Thread.sleep(between);
        }
    }

    private List<String> look() throws InterruptedException {
        try {
            List<String> found = new ArrayList<>(rights.missing());
            // Without the right to read them nothing can be said about the CRDs.
            if (found.isEmpty()) {
                found.addAll(crds.wrong());
            }
            return found;
        } catch (KubernetesClientException e) {
            return List.of(sentence(e));
        }
    }

    private String sentence(KubernetesClientException e) {
        String server = "the API server at " + client.getMasterUrl();
        if (e.getCode() <= 0) {
            return server + " cannot be reached: " + rootMessage(e);
        }
        return e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                ? server + " does not accept the operator's credentials: check its kubeconfig or ServiceAccount token"
                : server + " refused a question of the start-up checks: " + e.getMessage();
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
