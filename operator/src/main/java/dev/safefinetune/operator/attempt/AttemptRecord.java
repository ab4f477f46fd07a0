package dev.safefinetune.operator.attempt;

import dev.safefinetune.contract.RunIdentity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The {@link Attempts} in a ConfigMap of the operator's own namespace: whoever deletes the resource of a run does not delete its
 * attempt.
 */
public final class AttemptRecord {
    private static final int TRIES = 10;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final InstantSource clock;

    /**
     * The record.
     *
     * @param namespace the operator's own
     * @param name of the ConfigMap
     */
    public AttemptRecord(KubernetesClient client, String namespace, String name, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.clock = clock;
    }

    /** What is on record. */
    public Attempts read() {
        return attempts(there());
    }

    /** Writes down that a run is going to be judged, before it is; once for each run. */
    public void begun(String key, RunIdentity run) {
        change(attempts -> attempts.begun(key, run, clock.instant()));
    }

    /** Writes down that a run has passed: it is no attempt that the next ones are counted after. */
    public void passed(String key, RunIdentity run) {
        change(attempts -> attempts.passed(key, run));
    }

    private ConfigMap there() {
        ConfigMap there =
                client.configMaps().inNamespace(namespace).withName(name).get();
        return there == null
                ? new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .build()
                : there;
    }

    private static Attempts attempts(ConfigMap there) {
        return there.getData() == null ? Attempts.NONE : new Attempts(new TreeMap<>(there.getData()));
    }

    private void change(UnaryOperator<Attempts> change) {
        for (int i = 0; i < TRIES; i++) {
            ConfigMap there = there();
            Attempts before = attempts(there);
            Attempts after = change.apply(before);
            if (after.equals(before)) {
                return;
            }
            ConfigMap wanted =
                    new ConfigMapBuilder(there).withData(after.data()).build();
            try {
                // With the version that was read: what another replica has counted meanwhile is not lost.
                if (there.getMetadata().getResourceVersion() == null) {
                    client.resource(wanted).create();
                } else {
                    client.resource(wanted).update();
                }
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
            }
        }
        throw new IllegalStateException("ConfigMap " + namespace + "/" + name + " changes all the time");
    }
}
