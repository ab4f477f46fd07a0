package dev.safefinetune.operator.plan;

import dev.safefinetune.contract.RunIdentity;

/** Where progress of a run is posted, on the operator's side and on the pods'. */
public final class ProgressPath {
    /** The endpoint's path with the names of its parameters. */
    public static final String TEMPLATE = "/progress/v1/namespaces/{namespace}/{plural}/{name}/runs/{run}";

    private ProgressPath() {}

    /** The URL for a run, under the address at which pods reach the operator. */
    public static String url(String base, RunIdentity run) {
        String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return root
                + TEMPLATE.replace("{namespace}", run.namespace())
                        .replace("{plural}", plural(run.kind()))
                        .replace("{name}", run.name())
                        .replace("{run}", run.id());
    }

    /** The kind as it stands in paths of the API. */
    public static String plural(String kind) {
        return switch (kind) {
            case "SafeFineTune" -> "safefinetunes";
            case "SecurityVector" -> "securityvectors";
            default -> throw new IllegalArgumentException("no runs of kind " + kind);
        };
    }
}
