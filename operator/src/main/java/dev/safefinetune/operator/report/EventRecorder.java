package dev.safefinetune.operator.report;

import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records events. An event that was recorded before a restart is not recorded again: its name says what it says. */
final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final String COMPONENT = "safe-fine-tune-operator";
    private static final int MAX_MESSAGE = 1000;

    private final KubernetesClient client;

    EventRecorder(KubernetesClient client) {
        this.client = client;
    }

    void record(HasMetadata about, EventDraft event) {
        var metadata = about.getMetadata();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String message = event.message().length() <= MAX_MESSAGE
                ? event.message()
                : event.message().substring(0, MAX_MESSAGE - 1) + "…";
        try {
            client.resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(metadata.getNamespace())
                            .withName(metadata.getName() + "." + key(about, event))
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion(about.getApiVersion())
                            .withKind(about.getKind())
                            .withNamespace(metadata.getNamespace())
                            .withName(metadata.getName())
                            .withUid(metadata.getUid())
                            .endInvolvedObject()
                            .withType(event.warning() ? "Warning" : "Normal")
                            .withReason(event.reason())
                            .withMessage(message)
                            .withNewSource()
                            .withComponent(COMPONENT)
                            .endSource()
                            .withReportingComponent(COMPONENT)
                            .withReportingInstance(COMPONENT)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(1)
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return;
            }
            // Events are for people; a run does not depend on them.
            LogLine.warn(LOG)
                    .with("namespace", metadata.getNamespace())
                    .with("kind", about.getKind())
                    .with("name", metadata.getName())
                    .because(e)
                    .say("an event could not be recorded");
        }
    }

    private static String key(HasMetadata about, EventDraft event) {
        String all = about.getMetadata().getUid() + "\n" + about.getMetadata().getGeneration() + "\n" + event.reason()
                + "\n" + event.message();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
