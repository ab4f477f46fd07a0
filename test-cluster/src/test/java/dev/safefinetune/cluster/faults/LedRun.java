package dev.safefinetune.cluster.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.cluster.proxy.FaultyProxy;
import dev.safefinetune.cluster.proxy.Strike;
import dev.safefinetune.cluster.world.EndState;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.Team;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A run in a namespace of its own, led by an operator of its own through a proxy of its own. */
final class LedRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration CLEANUP = Duration.ofMinutes(1);
    private static final Duration QUIET = Duration.ofMillis(1500);
    private static final Set<String> CHANGES = Set.of("create", "delete");

    private final ControlPlane server;
    private final Subject subject;
    private final Path directory;
    private final Team team;
    private final FaultyProxy proxy;
    private final ScriptedJobs jobs;
    private OperatorProcess operator;

    private LedRun(
            ControlPlane server, Subject subject, String namespace, Path directory, Strike.Moment moment, int write)
            throws IOException {
        this.server = server;
        this.subject = subject;
        this.directory = directory;
        team = Team.furnish(server.client(), namespace);
        subject.apply(team);
        proxy = FaultyProxy.start(server);
        proxy.plan(new Strike(write, moment, this::kill));
        jobs = ScriptedJobs.good(team);
        operator = process();
    }

    /** A run that nothing disturbs. */
    static LedRun undisturbed(ControlPlane server, Subject subject, String namespace, Path directory)
            throws IOException {
        return new LedRun(server, subject, namespace, directory, Strike.Moment.ANSWERED, Integer.MAX_VALUE);
    }

    /** A run whose operator is killed at one of its writes. */
    static LedRun struck(
            ControlPlane server, Subject subject, String namespace, Path directory, Strike.Moment moment, int write)
            throws IOException {
        return new LedRun(server, subject, namespace, directory, moment, write);
    }

    private OperatorProcess process() throws IOException {
        return OperatorProcess.start(
                server.operatorKubeconfig(proxy.port()),
                directory,
                Map.of("SAFE_FINE_TUNE_NAMESPACES", team.namespace()));
    }

    private void kill() {
        try {
            operator.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the operator has been killed, and lets another take its place. */
    void replaceTheStruck() throws IOException, InterruptedException {
        // Cleaning up comes after the end, and is written too.
        Stillness after = new Stillness();
        await("the operator's death", () -> {
            if (!proxy.isSevered()
                    && subject.hasEnded(team)
                    && after.lasts(proxy.ledger().size(), CLEANUP)) {
                throw new AssertionError("the run ended after " + proxy.ledger().size() + " writes, before the death");
            }
            return proxy.isSevered() && !operator.isAlive();
        });
        proxy.heal();
        operator = process();
    }

    /** Waits until the resource says that its run has ended, and then until nothing more is written. */
    void awaitEnd() throws IOException, InterruptedException {
        await("the end of the run", () -> subject.hasEnded(team));
        int before;
        do {
            before = proxy.ledger().size();
            Thread.sleep(QUIET);
        } while (proxy.ledger().size() > before);
    }

    /**
     * Waits for the same, and for changes that are known to come: what cleans up may be a while behind on a busy machine.
     * Where they do not come this returns all the same.
     */
    void awaitEnd(Map<String, Integer> expected) throws IOException, InterruptedException {
        awaitEnd();
        long deadline = System.nanoTime() + CLEANUP.toNanos();
        while (!changes().equals(expected) && System.nanoTime() < deadline) {
            awaitEnd();
        }
    }

    private void await(String what, BooleanSupplier check) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what + ": " + EndState.of(team) + operator.log());
            }
            Thread.sleep(50);
        }
    }

    Map<String, JsonNode> state() {
        return EndState.of(team);
    }

    /** How often each object was created and deleted, over all lives of the operator. */
    Map<String, Integer> changes() {
        return proxy.ledger().done(write -> !write.isEvent() && CHANGES.contains(write.verb()));
    }

    FaultyProxy proxy() {
        return proxy;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        operator.kill();
        jobs.close();
        proxy.close();
    }

    /** How long a number has not grown. */
    private static final class Stillness {
        private int last = -1;
        private long since;

        boolean lasts(int now, Duration time) {
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            return System.nanoTime() - since > time.toNanos();
        }
    }
}
