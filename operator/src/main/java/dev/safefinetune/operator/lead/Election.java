package dev.safefinetune.operator.lead;

import dev.safefinetune.operator.OperatorSettings;
import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election until it is closed. Two operators that act at once do no harm, because the names of all that they
 * make are fixed; the election saves the work of doing everything twice.
 *
 * <p>The Java Operator SDK's own election builds its lock itself and so cannot be given one that is proof against skewed
 * clocks.
 */
public final class Election implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Election.class);

    private final String lease;
    private final String identity;
    private final LeaderElector elector;
    private final ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor();
    private final Runnable onLead;
    private final Runnable onLost;
    private @Nullable CompletableFuture<?> candidacy;
    private volatile boolean leading;
    private volatile boolean closing;

    /**
     * A candidate.
     *
     * @param client of the API server that holds the Lease
     * @param namespace of the Lease
     * @param settings its name and times
     * @param onLead called once, in a thread of its own, when this replica has become the leader
     * @param onLost called when it was the leader and could not stay it; it can never lead again
     */
    public Election(
            KubernetesClient client,
            String namespace,
            OperatorSettings.LeaderElection settings,
            Runnable onLead,
            Runnable onLost) {
        this.lease = namespace + "/" + settings.leaseName();
        this.onLead = onLead;
        this.onLost = onLost;
        // As client-go does: the pod's name for people, and something that no restart of the pod shares.
        this.identity = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("operator") + "_"
                + UUID.randomUUID().toString().substring(0, 8);
        this.elector = new LeaderElector(
                patientNoLongerThan(client, settings),
                new LeaderElectionConfig(
                        new SkewProofLock(new LeaseLock(namespace, settings.leaseName(), identity)),
                        settings.leaseDuration(),
                        settings.renewDeadline(),
                        settings.retryPeriod(),
                        new LeaderCallbacks(this::lead, this::stopped, holder -> told(holder)),
                        true,
                        settings.leaseName()),
                looks);
    }

    /** A renewal that hangs is a renewal that failed: it may not outlast the time that is left to the leader. */
    private static KubernetesClient patientNoLongerThan(
            KubernetesClient client, OperatorSettings.LeaderElection settings) {
        return client.newClient(new RequestConfigBuilder()
                        .withRequestTimeout((int) settings.renewDeadline().toMillis() / 2)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .adapt(KubernetesClient.class);
    }

    /** Stands for election from now on. */
    public synchronized void start() {
        LogLine.info(LOG).with("lease", lease).with("identity", identity).say("standing for election");
        candidacy = elector.start();
    }

    /** Whether this replica leads. */
    public boolean isLeading() {
        return leading;
    }

    private void lead() {
        leading = true;
        LogLine.info(LOG).with("lease", lease).with("identity", identity).say("leading");
        // What begins now takes seconds, and the Lease wants to be renewed meanwhile.
        looks.execute(onLead);
    }

    private void stopped() {
        leading = false;
        if (closing) {
            return;
        }
        LogLine.error(LOG).with("lease", lease).with("identity", identity).say("the lease was lost");
        onLost.run();
    }

    private void told(@Nullable String holder) {
        if (holder != null && !holder.isEmpty() && !Objects.equals(holder, identity)) {
            LogLine.info(LOG).with("lease", lease).with("leader", holder).say("another replica leads");
        }
    }

    /** Withdraws, and gives the Lease back so that another replica need not wait for its end. */
    @Override
    public synchronized void close() {
        closing = true;
        if (candidacy != null) {
            candidacy.cancel(true);
        }
        looks.shutdown();
    }
}
