package dev.safefinetune.operator;

import dev.safefinetune.operator.apply.Applier;
import dev.safefinetune.operator.attempt.AttemptRecord;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.measure.RunMetrics;
import dev.safefinetune.operator.observe.Observer;
import dev.safefinetune.operator.plan.Allotment;
import dev.safefinetune.operator.plan.CopiedKeys;
import dev.safefinetune.operator.plan.PlanSettings;
import dev.safefinetune.operator.plan.TrainerImage;
import dev.safefinetune.operator.report.StatusWriter;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two controllers, from the moment at which this replica acts. */
final class Controllers {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    /** A look needs memory for what it reads: at fifty, the SDK's default, 200 resources at once exhaust the heap. */
    private static final int AT_ONCE = 8;

    private final Operator operator;
    private final RunMetrics metrics;

    Controllers(
            KubernetesClient client,
            MeterRegistry meters,
            OperatorSettings settings,
            String ownNamespace,
            Supplier<Optional<String>> progressAuthorities) {
        this.metrics = new RunMetrics(meters);
        this.operator = new Operator(configuration -> configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                // Statuses are written with the version that was observed; nothing is owned field by field.
                .withUseSSAToPatchPrimaryResource(false)
                .withReconciliationTerminationTimeout(STOP_WITHIN)
                .withConcurrentReconciliationThreads(AT_ONCE)
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(meters)));
        // A setting that cannot be ends the start, and not the first run.
        planning(settings, null);
        AttemptRecord attempts =
                new AttemptRecord(client, ownNamespace, settings.attemptsName(), InstantSource.system());
        RunReconciler.Tools tools = new RunReconciler.Tools(
                new Observer(client, InstantSource.system(), attempts),
                new Applier(client),
                new StatusWriter(client),
                new DecideSettings(
                        settings.patience(),
                        settings.trainer().gpus(),
                        settings.trainer().cuda().image().isPresent(),
                        settings.progress().url().isPresent()),
                () -> planning(settings, progressAuthorities.get().orElse(null)),
                metrics);
        operator.register(
                new SafeFineTuneReconciler(tools, attempts),
                controller -> this.configure(controller, "safefinetune", settings));
        operator.register(
                new SecurityVectorReconciler(tools),
                controller -> this.configure(controller, "securityvector", settings));
    }

    private <P extends HasMetadata> void configure(
            ControllerConfigurationOverrider<P> controller, String name, OperatorSettings settings) {
        controller
                .withName(name)
                .withItemStore(LeanStores.of())
                .withInformerListLimit(LeanStores.PAGE)
                .withRetry(new GenericRetry()
                        .withoutMaxAttempts()
                        .setInitialInterval(Duration.ofSeconds(1))
                        .setMaxInterval(Duration.ofMinutes(1).toMillis()));
        settings.namespaces()
                .filter(namespaces -> !namespaces.isEmpty())
                .ifPresent(namespaces -> controller.settingNamespaces(Set.copyOf(namespaces)));
    }

    private static PlanSettings planning(OperatorSettings settings, @Nullable String progressAuthorities) {
        OperatorSettings.Trainer trainer = settings.trainer();
        return new PlanSettings(
                new TrainerImage(trainer.image(), trainer.imagePullPolicy().orElse(null)),
                trainer.cuda()
                        .image()
                        .map(image -> new TrainerImage(
                                image, trainer.cuda().imagePullPolicy().orElse(null)))
                        .orElse(null),
                settings.progress().url().orElse(null),
                progressAuthorities,
                settings.progress().intervalSeconds(),
                settings.signing().enabled(),
                settings.scratch().size(),
                settings.scratch().storageClass().orElse(null),
                allotment("safe-fine-tune.trainer.files", trainer.files()),
                allotment("safe-fine-tune.trainer.compute", trainer.compute()),
                new CopiedKeys(
                        trainer.copiedLabels().orElse(List.of()),
                        trainer.copiedAnnotations().orElse(List.of())));
    }

    private static Allotment allotment(String setting, OperatorSettings.Share share) {
        return Allotment.parse(
                setting, share.requests().orElse(List.of()), share.limits().orElse(List.of()));
    }

    void start() {
        operator.start();
        metrics.act();
    }

    void stop() {
        operator.stop();
    }

    /** Whether all controllers have started and their informers are in step. */
    boolean isHealthy() {
        return operator.getRuntimeInfo().isStarted()
                && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }
}
