package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The controllers and the node of a local cluster. */
public final class Runner implements AutoCloseable {
    /** A real cluster waits ten seconds; here nothing else is in the way of a second try. */
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

    private final ClaimController claims;
    private final JobController jobs;
    private final PodRunner pods;
    private final PeakMemory peaks;

    private Runner(ClaimController claims, JobController jobs, PodRunner pods, PeakMemory peaks) {
        this.claims = claims;
        this.jobs = jobs;
        this.pods = pods;
        this.peaks = peaks;
    }

    /**
     * Starts to act on the objects of a cluster.
     *
     * @param pods where pods have their roots and logs
     * @param volumes where volumes of claims lie that name no directory
     */
    public static Runner start(KubernetesClient client, Images images, Path pods, Path volumes) {
        PeakMemory peaks = new PeakMemory();
        return new Runner(
                new ClaimController(client, volumes),
                new JobController(client, FIRST_BACKOFF),
                new PodRunner(client, images, pods, peaks),
                peaks);
    }

    /** The log of a container, if it was ever started. */
    public static Optional<Path> log(Path pods, String uid, String container) {
        return PodRunner.log(pods, uid, container);
    }

    /** Bytes of the largest resident set by namespace and name of each pod that ended. */
    public Map<String, Long> peakMemory() {
        return peaks.bytesByPod();
    }

    /** Stops, and ends every process that was started for a pod. */
    @Override
    public void close() {
        jobs.close();
        claims.close();
        pods.close();
    }
}
