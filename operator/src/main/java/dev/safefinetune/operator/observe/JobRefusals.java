package dev.safefinetune.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Why a Job has no pod: the job controller says so in events alone, such as when a quota is used up. */
final class JobRefusals {
    private final KubernetesClient client;

    JobRefusals(KubernetesClient client) {
        this.client = client;
    }

    /** What the cluster said last; absent when it has refused nothing. */
    @Nullable
    String of(Job job) {
        return client
                .v1()
                .events()
                .inNamespace(job.getMetadata().getNamespace())
                .withField("involvedObject.uid", job.getMetadata().getUid())
                .list()
                .getItems()
                .stream()
                .filter(event -> "FailedCreate".equals(event.getReason()))
                .max(Comparator.comparing(JobRefusals::time))
                .map(Event::getMessage)
                .orElse(null);
    }

    private static String time(Event event) {
        return event.getLastTimestamp() == null ? "" : event.getLastTimestamp();
    }
}
