package dev.safefinetune.cli.run;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Set;

/** Prints what the cluster reports: all of the runs' events, warnings of anything else, and words about devices. */
final class EventStream implements AutoCloseable {
    private static final Set<String> RUNS = Set.of("SafeFineTune", "SecurityVector");

    private final Watch watch;

    EventStream(KubernetesClient client, Display display) {
        watch = client.v1().events().inAnyNamespace().watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Event event) {
                if (action != Action.ADDED || event.getInvolvedObject() == null) {
                    return;
                }
                boolean ours = RUNS.contains(event.getInvolvedObject().getKind());
                boolean warning = "Warning".equals(event.getType());
                if (ours || warning || "GrantedWithoutDevice".equals(event.getReason())) {
                    display.say("%-28s %s%s: %s"
                            .formatted(
                                    event.getInvolvedObject().getKind() + "/"
                                            + event.getInvolvedObject().getName(),
                                    warning ? "! " : "",
                                    event.getReason(),
                                    event.getMessage()));
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // The cluster ends with this command.
            }
        });
    }

    @Override
    public void close() {
        watch.close();
    }
}
