package dev.safefinetune.operator;

import dev.safefinetune.operator.lead.Election;
import dev.safefinetune.operator.preflight.AdmissionCheck;
import dev.safefinetune.operator.preflight.NeededRights;
import dev.safefinetune.operator.preflight.Preflight;
import dev.safefinetune.operator.progress.ProgressService;
import dev.safefinetune.operator.sign.Signatures;
import dev.safefinetune.operator.sign.SigningKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of a start: check what has to be right, serve progress, stand for election where there are several
 * replicas, then watch.
 *
 * <p>It runs beside the application's own start, so that the probes are answered from the beginning.
 */
@ApplicationScoped
public class OperatorStart {
    /** The process ends so that a fresh one takes its place: the lease was lost, or the controllers would not start. */
    static final int START_AGAIN = 75;

    private static final Logger LOG = LoggerFactory.getLogger(OperatorStart.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    private final Preflight preflight;
    private final AdmissionCheck admission;
    private final @Nullable ProgressService progress;
    private final @Nullable SigningKeys keys;
    private final @Nullable Election election;
    private final Controllers controllers;
    private final IntConsumer exit;
    private @Nullable Thread starting;
    private volatile boolean serving;
    private volatile boolean watching;
    private volatile boolean stopping;

    @Inject
    OperatorStart(Vertx vertx, KubernetesClient client, MeterRegistry meters, OperatorSettings settings) {
        this(vertx, client, meters, settings, BETWEEN_CHECKS, Quarkus::asyncExit);
    }

    OperatorStart(
            Vertx vertx,
            KubernetesClient client,
            MeterRegistry meters,
            OperatorSettings settings,
            Duration betweenChecks,
            IntConsumer exit) {
        this.exit = exit;
        String own = settings.ownNamespace()
                .or(() -> Optional.ofNullable(client.getNamespace()))
                .orElse("default");
        this.preflight = new Preflight(
                client,
                NeededRights.of(settings),
                settings.namespaces().map(Set::copyOf).orElse(Set.of()),
                own,
                betweenChecks);
        this.keys = settings.signing().enabled() && settings.progress().url().isPresent()
                ? new SigningKeys(
                        client,
                        own,
                        settings.signing().secretName(),
                        settings.signing().publicName())
                : null;
        Signatures signatures = keys == null ? null : new Signatures(client, keys, InstantSource.system());
        this.admission = new AdmissionCheck(client, settings.admission());
        this.progress = settings.progress()
                .url()
                .map(url -> new ProgressService(vertx, client, url, own, settings.progress(), signatures, meters))
                .orElse(null);
        this.controllers = new Controllers(
                client,
                meters,
                settings,
                own,
                () -> Optional.ofNullable(progress).flatMap(ProgressService::authorities));
        this.election = settings.leaderElection().enabled()
                ? new Election(client, own, settings.leaderElection(), this::watch, () -> exit.accept(START_AGAIN))
                : null;
        Gauge.builder("safefinetune.leader", this, start -> start.isActing() ? 1 : 0)
                .description("1 on the replica that acts, 0 on those that stand by")
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        starting = Thread.ofPlatform().name("start").start(this::begin);
    }

    private void begin() {
        try {
            preflight.await();
            admission.look();
            // Before anything is published: a key that cannot be used ends the start, and not a run at its end.
            if (keys != null) {
                keys.current();
            }
            // Before the first job spec is written: it says whom to trust.
            if (progress != null) {
                progress.start();
                serving = true;
            }
            if (election == null) {
                watch();
            } else {
                tell("standing by");
                election.start();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            end("the start failed", e);
        }
    }

    private void end(String what, RuntimeException cause) {
        if (!stopping) {
            LOG.error(what, cause);
            exit.accept(START_AGAIN);
        }
    }

    private void watch() {
        try {
            controllers.start();
            watching = true;
            tell("watching");
        } catch (RuntimeException e) {
            end("the controllers could not be started", e);
        }
    }

    /** A line of the log by which a start can be timed. */
    private static void tell(String what) {
        double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        LOG.info("{}, {} s after the start of the JVM", what, seconds);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        if (starting != null) {
            starting.interrupt();
            starting.join();
        }
        controllers.stop();
        if (progress != null) {
            progress.close();
        }
        // Last, so that no other replica begins while this one is still at work.
        if (election != null) {
            election.close();
        }
    }

    /** What keeps the operator from starting; empty: nothing. */
    List<String> findings() {
        return preflight.findings();
    }

    /** What keeps admission from holding users to the operator, and nobody from starting; empty: nothing. */
    Optional<String> unguarded() {
        return admission.finding();
    }

    /** Whether this replica acts, or would if it were done with starting. */
    boolean isActing() {
        return election == null || election.isLeading();
    }

    /** Whether it does what it should: act with its informers in step, or stand by. */
    boolean isHealthy() {
        return preflight.findings().isEmpty()
                && (progress == null || serving)
                && (isActing() ? watching && controllers.isHealthy() : true);
    }
}
