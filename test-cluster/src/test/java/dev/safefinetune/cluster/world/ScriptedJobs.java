package dev.safefinetune.cluster.world;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.world.Pods;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.ResourceNotFoundException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the job controller and the kubelet of one namespace: makes the pod of each Job that is not suspended,
 * and ends it as a script says.
 */
public final class ScriptedJobs implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;

    /** The Job or its pod went away, or was changed, while it was looked at. */
    private static final Set<Integer> PASSING = Set.of(404, 409);

    /**
     * How a pod ends.
     *
     * @param message the termination message
     */
    public record End(int exitCode, @Nullable String message) {
        /** As the trainer ends a stage that went well. */
        public static End good(JobSpec spec) {
            return of(Results.good(spec));
        }

        /** As the trainer ends a stage with a result. */
        public static End of(StageResult result) {
            return new End(result.fault() == null ? 0 : result.fault().exitCode(), ContractJson.write(result));
        }
    }

    /** How a Job's pod ends; none: it is still at work. */
    @FunctionalInterface
    public interface Script {
        Optional<End> end(Job job, JobSpec spec);
    }

    private final Pods pods;
    private final String namespace;
    private final Script script;
    private final Thread thread;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile boolean closed;

    private ScriptedJobs(KubernetesClient client, String namespace, Script script) {
        this.pods = new Pods(client);
        this.namespace = namespace;
        this.script = script;
        this.thread = Thread.ofVirtual().name("jobs-of-" + namespace).start(this::run);
    }

    /** All stages go well, each as soon as it is there. */
    public static ScriptedJobs good(Team team) {
        return start(team, (job, spec) -> Optional.of(End.good(spec)));
    }

    public static ScriptedJobs start(Team team, Script script) {
        return new ScriptedJobs(team.client(), team.namespace(), script);
    }

    private void run() {
        try {
            while (!closed) {
                pods.open(namespace).stream()
                        .filter(job -> !Boolean.TRUE.equals(job.getSpec().getSuspend()))
                        .forEach(this::step);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    private void step(Job job) {
        try {
            pods.pod(job);
            script.end(job, pods.spec(job)).ifPresent(end -> pods.end(job, end.exitCode(), end.message()));
        } catch (KubernetesClientException e) {
            if (!PASSING.contains(e.getCode())) {
                throw e;
            }
        } catch (ResourceNotFoundException e) {
            // A pod whose job spec is gone does not start.
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the Jobs of " + namespace + " came to a standstill", failed);
        }
    }
}
