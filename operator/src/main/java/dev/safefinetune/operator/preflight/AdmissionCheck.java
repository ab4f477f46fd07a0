package dev.safefinetune.operator.preflight;

import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether admission can hold users to the operator. Without it the operator does its work all the same, so it is told and
 * keeps nobody from starting.
 */
public final class AdmissionCheck {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionCheck.class);
    private static final String GROUP = "/apis/admissionregistration.k8s.io/v1";
    private static final String CONSEQUENCE =
            "no namespace is guarded: whoever may make Jobs or pods in one may train around its policies";

    private final KubernetesClient client;
    private final Optional<Boolean> enabled;
    private volatile @Nullable String finding;

    /** The check. {@code enabled}: the chart's admission.enabled; empty: there is no chart, and nothing is said. */
    public AdmissionCheck(KubernetesClient client, Optional<Boolean> enabled) {
        this.client = client;
        this.enabled = enabled;
    }

    /** What is missing as of the last look; empty: nothing. */
    public Optional<String> finding() {
        return Optional.ofNullable(finding);
    }

    /** Looks once, and tells the log what is missing. */
    public void look() {
        finding = missing().orElse(null);
        finding()
                .ifPresent(missing ->
                        LogLine.warn(LOG).with("reason", "NotGuarded").say(missing));
    }

    private Optional<String> missing() {
        if (enabled.isEmpty()) {
            return Optional.empty();
        }
        if (!enabled.get()) {
            return Optional.of("admission.enabled of the chart is false, so " + CONSEQUENCE);
        }
        try {
            String kinds = client.raw(GROUP);
            return kinds != null && kinds.contains("\"validatingadmissionpolicies\"")
                    ? Optional.empty()
                    : Optional.of(unserved());
        } catch (KubernetesClientException e) {
            return Optional.of(
                    e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                            ? unserved()
                            : "the API server did not say whether it serves ValidatingAdmissionPolicy: "
                                    + e.getMessage());
        }
    }

    private static String unserved() {
        return "the API server does not serve ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1), so "
                + CONSEQUENCE;
    }
}
