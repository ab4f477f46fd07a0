package dev.safefinetune.operator;

import dev.safefinetune.operator.apply.Applier;
import dev.safefinetune.operator.attempt.AttemptRecord;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.measure.RunMetrics;
import dev.safefinetune.operator.observe.Observer;
import dev.safefinetune.operator.plan.PlanSettings;
import dev.safefinetune.operator.report.StatusWriter;
import dev.safefinetune.operator.world.ShippedSettings;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;

/** An operator without its watches: it looks when it is told to. */
final class Steps {
    static final PlanSettings PLANNING = ShippedSettings.with("trainer:test", null, "http://operator.test:8080", "1Gi");
    static final DecideSettings DECIDING = ShippedSettings.deciding(Duration.ofHours(1));

    private final SafeFineTuneReconciler fineTune;
    private final SecurityVectorReconciler vector;

    private final String namespace;

    Steps(KubernetesClient client) {
        this(client, World.NAMESPACE);
    }

    Steps(KubernetesClient client, String namespace) {
        this(client, namespace, InstantSource.system());
    }

    Steps(KubernetesClient client, String namespace, InstantSource clock) {
        this(client, namespace, clock, DECIDING);
    }

    Steps(KubernetesClient client, String namespace, InstantSource clock, DecideSettings deciding) {
        this(client, namespace, clock, deciding, new RunMetrics(new SimpleMeterRegistry()));
    }

    Steps(KubernetesClient client, RunMetrics metrics) {
        this(client, World.NAMESPACE, InstantSource.system(), DECIDING, metrics);
    }

    private Steps(
            KubernetesClient client,
            String namespace,
            InstantSource clock,
            DecideSettings deciding,
            RunMetrics metrics) {
        this.namespace = namespace;
        AttemptRecord attempts = new AttemptRecord(client, "default", "attempts", clock);
        RunReconciler.Tools tools = new RunReconciler.Tools(
                new Observer(client, clock, attempts),
                new Applier(client),
                new StatusWriter(client),
                deciding,
                () -> PLANNING,
                metrics);
        this.fineTune = new SafeFineTuneReconciler(tools, attempts);
        this.vector = new SecurityVectorReconciler(tools);
    }

    Pace.Next fineTune() {
        return fineTune("bot");
    }

    Pace.Next fineTune(String name) {
        return fineTune.step(namespace, name);
    }

    Pace.Next vector() {
        return vector("base");
    }

    Pace.Next vector(String name) {
        return vector.step(namespace, name);
    }

    /** Looks at both. */
    void both() {
        vector();
        fineTune();
    }
}
