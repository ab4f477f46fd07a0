package dev.safefinetune.operator.plan;

import dev.safefinetune.checks.PvcUri;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where things lie in a trainer's pod, relative to its working directory: {@code /} in a cluster, the pod's own root
 * directory in the embedded one. The trainer learns of these paths through its job spec alone.
 */
public final class Layout {
    public static final String SCRATCH = "scratch";
    public static final String JOB_DIRECTORY = "job";
    public static final String JOB_FILE = "job.json";
    public static final String TOKEN_DIRECTORY = "var/run/progress";
    public static final String TOKEN_FILE = "token";
    public static final String TEMPORARY = "tmp";
    public static final String TERMINATION_LOG = "dev/termination-log";
    static final String VOLUMES = "volumes";

    /** The directory of refused runs' reports alone: whoever judges sees nothing else of a user's volume. */
    static final String REFUSAL = "refusal";

    static final String VECTORS = "vector";
    static final String SECRETS = "secrets";

    private Layout() {}

    /** Something of the user's to read. */
    public static Source source(String uri) {
        return new Source(uri, PvcUri.parse(uri).under(VOLUMES));
    }

    /** A key of a Secret, as a file. */
    public static Source secret(String name, String key) {
        return new Source("secret://" + name + "/" + key, SECRETS + "/" + name + "/" + key);
    }

    /** A security vector, apart from all other volumes so that only the stages that need it can see it. */
    public static Source vector(String uri) {
        return new Source(uri, PvcUri.parse(uri).under(VECTORS));
    }

    /**
     * Where the report of a refused model is kept: beside the output, one directory for each run. Absent where the output is
     * a whole volume, which has no place beside it.
     */
    public static @Nullable Target refusal(String output, String run) {
        return PvcUri.parse(output).path().replace("/", "").isEmpty()
                ? null
                : new Target(output.replaceFirst("/+$", "") + ".refused/" + run, REFUSAL + "/" + run);
    }

    /** Where a result goes. */
    public static Target target(String uri) {
        return new Target(uri, PvcUri.parse(uri).under(VOLUMES));
    }
}
