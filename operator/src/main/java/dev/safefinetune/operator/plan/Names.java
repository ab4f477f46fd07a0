package dev.safefinetune.operator.plan;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Names and labels of a run's objects. They are the same after every restart, so no object is ever made twice. */
public final class Names {
    public static final String KIND_LABEL = "safefinetune.dev/kind";
    public static final String RESOURCE_LABEL = "safefinetune.dev/resource";
    public static final String RUN_LABEL = "safefinetune.dev/run";
    public static final String STAGE_LABEL = "safefinetune.dev/stage";

    /** On a Job: digest of the wish that it was made for. */
    public static final String WISH_ANNOTATION = "safefinetune.dev/spec-hash";

    /** On a Job's pod template, which nobody can change: the job spec, which the pod reads by the downward API. */
    public static final String JOB_SPEC_ANNOTATION = "safefinetune.dev/job-spec";

    /** On pod templates of releases that wrote the job spec into a ConfigMap: its digest. */
    public static final String JOB_SPEC_DIGEST_ANNOTATION = "safefinetune.dev/job-spec-digest";

    /** On the pods of a stage that trains in another precision than float32: which. */
    public static final String PRECISION_ANNOTATION = "safefinetune.dev/precision";

    /** On a Job that the operator itself suspended. */
    public static final String HELD_ANNOTATION = "safefinetune.dev/suspended";

    /** The container that does a stage's work; others inject theirs beside it. */
    public static final String TRAINER = "trainer";

    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
    public static final String MANAGED_BY = "safe-fine-tune-operator";

    /** Longest name of a Job: its pods carry it as a label. */
    public static final int MAX_NAME = 63;

    private Names() {}

    /** The generation of the spec that a run began with; 0 where its name does not say. */
    public static long generation(String runId) {
        String digits = runId.substring(runId.lastIndexOf('-') + 1);
        return digits.matches("[1-9][0-9]{0,17}") ? Long.parseLong(digits) : 0;
    }

    /** The name of a resource's run that begins with a generation of its spec. */
    public static String runId(String resource, long generation) {
        return resource + "-" + generation;
    }

    /** The name of a stage's Job; releases before the operator's record gave it to a ConfigMap as well. */
    public static String stage(String runId, Stage stage) {
        return runId + "-" + slug(stage);
    }

    /** The name of a run's scratch claim; a SafeFineTune and a SecurityVector of one name do not share it. */
    public static String scratch(RunIdentity run) {
        return run.id() + (run.kind().equals("SecurityVector") ? "-vector-scratch" : "-scratch");
    }

    /** The ServiceAccount of a stage: one for each stage in each namespace. */
    public static String serviceAccount(Stage stage) {
        return "safefinetune-" + slug(stage);
    }

    /** The audience of a progress token: good for one resource. */
    public static String audience(String resourceUid) {
        return "safefinetune.dev/" + resourceUid;
    }

    /** Labels of all that belongs to a run. */
    public static Map<String, String> labels(RunIdentity run) {
        TreeMap<String, String> labels = new TreeMap<>();
        labels.put(MANAGED_BY_LABEL, MANAGED_BY);
        labels.put(KIND_LABEL, run.kind());
        labels.put(RESOURCE_LABEL, run.name());
        labels.put(RUN_LABEL, run.id());
        return Collections.unmodifiableSortedMap(labels);
    }

    private static String slug(Stage stage) {
        return stage.text().replaceAll("(?<=[a-z])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
