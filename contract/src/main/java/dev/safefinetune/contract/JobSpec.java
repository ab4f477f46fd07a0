package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * All that a stage's pod is told, as an annotation of its Job's pod template.
 *
 * @param version of this contract; the trainer refuses another one
 * @param run which run this is for
 * @param task what to do
 * @param progress where to report progress; absent: nowhere
 * @param gpus CUDA GPUs that the pod holds and computes on; absent: it computes on processors, whatever it sees
 */
public record JobSpec(
        int version,
        RunIdentity run,
        StageTask task,
        @Nullable ProgressTarget progress,
        @Nullable Integer gpus) {
    public static final int VERSION = 1;

    /**
     * Where progress is posted.
     *
     * @param url the operator's endpoint for this run
     * @param tokenFile a projected token whose audience is this run, relative to the working directory
     * @param authorities certificates, as PEM, of which the endpoint's has to be of one; absent where it is not HTTPS
     * @param everySeconds least time between two reports
     * @param signs whether what is published has to be signed there first, at the url and {@link SigningRequest#PATH};
     *     absent: it is not signed
     */
    public record ProgressTarget(
            String url,
            String tokenFile,
            @Nullable String authorities,
            int everySeconds,
            @Nullable Boolean signs) {
        public ProgressTarget {
            Require.text("progress.url", url);
            Require.text("progress.tokenFile", tokenFile);
            if (url.startsWith("https:")) {
                Require.text("progress.authorities", authorities);
            }
            Require.range("progress.everySeconds", everySeconds, 1, 3600);
        }

        /** Where nothing is signed. */
        public ProgressTarget(String url, String tokenFile, @Nullable String authorities, int everySeconds) {
            this(url, tokenFile, authorities, everySeconds, null);
        }
    }

    public JobSpec {
        if (version != VERSION) {
            throw new IllegalArgumentException("version must be " + VERSION + ", was " + version
                    + ": the operator and the trainer image are of different releases");
        }
        Require.present("run", run);
        Require.present("task", task);
        if (gpus != null) {
            Require.range("gpus", gpus, 1, 1024);
        }
    }

    /** Of a pod that computes on processors. */
    public JobSpec(int version, RunIdentity run, StageTask task, @Nullable ProgressTarget progress) {
        this(version, run, task, progress, null);
    }
}
