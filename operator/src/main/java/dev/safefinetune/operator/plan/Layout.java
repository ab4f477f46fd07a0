package dev.safefinetune.operator.plan;

import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.Target;

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

    /** Where a result goes. */
    public static Target target(String uri) {
        return new Target(uri, PvcUri.parse(uri).under(VOLUMES));
    }
}
