package dev.safefinetune.contract;

/**
 * Which run of which resource a job belongs to.
 *
 * @param namespace the resource's namespace
 * @param kind {@code SafeFineTune} or {@code SecurityVector}
 * @param name the resource's name
 * @param uid the resource's uid; a resource deleted and made again under the same name is another one
 * @param id the run's name, {@code <name>-<generation>}: a changed spec starts a new run
 */
public record RunIdentity(String namespace, String kind, String name, String uid, String id) {
    public RunIdentity {
        Require.text("run.namespace", namespace);
        Require.text("run.kind", kind);
        Require.text("run.name", name);
        Require.text("run.uid", uid);
        Require.text("run.id", id);
    }
}
