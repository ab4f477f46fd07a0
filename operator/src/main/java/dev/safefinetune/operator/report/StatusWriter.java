package dev.safefinetune.operator.report;

import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes statuses and events, and nothing where nothing has changed. */
public final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    private final KubernetesClient client;
    private final EventRecorder events;

    public StatusWriter(KubernetesClient client) {
        this.client = client;
        this.events = new EventRecorder(client);
    }

    /**
     * Writes a status that rests on an observation of the resource.
     *
     * @param observed the resource as it was observed; it is not changed
     * @param copy the same with the new status
     * @return false when the resource has changed since it was observed: then the status rests on old facts, nothing is
     *     written, and the facts are to be gathered again
     */
    public <R extends CustomResource<?, ?>> boolean write(R observed, R copy, List<EventDraft> happened) {
        if (copy.getStatus() != null && copy.getStatus().equals(observed.getStatus())) {
            return true;
        }
        // Events first: their names follow from what they say, so a second attempt repeats none of them.
        happened.forEach(event -> events.record(observed, event));
        try {
            client.resource(copy).updateStatus();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
        happened.forEach(event -> log(observed, event));
        return true;
    }

    private static void log(HasMetadata about, EventDraft event) {
        LogLine.at(event.warning() ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO, LOG)
                .with("namespace", about.getMetadata().getNamespace())
                .with("kind", about.getKind())
                .with("name", about.getMetadata().getName())
                .with("generation", about.getMetadata().getGeneration())
                .with("reason", event.reason())
                .say(event.message());
    }
}
