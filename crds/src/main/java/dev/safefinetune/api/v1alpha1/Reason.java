package dev.safefinetune.api.v1alpha1;

/** Reasons of conditions, stages and events. {@code docs/conditions.md} is made of these constants. */
public enum Reason {
    // Before a run
    NOT_STARTED("NotStarted", "surfaces while the stage that decides this has not ended."),
    URI_NOT_SERVED(
            "UriNotServed", "surfaces when a URI's scheme is known but this release cannot read from or write to it."),
    EVALUATION_MISSING(
            "EvaluationMissing",
            "surfaces when neither the resource nor its security vector names the requests to evaluate with."),
    VECTOR_NOT_FOUND(
            "VectorNotFound", "surfaces when the security vector does not exist, or none is for the base model."),
    VECTOR_NOT_READY("VectorNotReady", "surfaces when the security vector exists and is not ready."),
    VECTOR_NOT_SHARED(
            "VectorNotShared", "surfaces when the vector's allowedNamespaces does not list the resource's namespace."),
    VECTOR_FOR_ANOTHER_BASE(
            "VectorForAnotherBase",
            "surfaces when the vector was trained on a model of another digest than the run's."),
    VECTOR_OUT_OF_REACH(
            "VectorOutOfReach",
            "surfaces when the vector lies in a volume claim, which only pods of its own namespace reach."),
    VOLUME_NOT_FOUND("VolumeNotFound", "surfaces when a volume claim that a URI names does not exist."),
    SPEC_INVALID(
            "SpecInvalid", "surfaces when a field asks for something that cannot be; its message names the field."),
    NAME_TOO_LONG("NameTooLong", "surfaces when the names of the run's Jobs would be longer than 63 characters."),
    NO_POLICY("NoPolicy", "surfaces when no policy selects the namespace."),
    WITHIN_LIMITS("WithinLimits", "surfaces when all policies that select the namespace are kept."),
    MODEL_NOT_ALLOWED("ModelNotAllowed", "surfaces when a policy does not allow the base model."),
    VECTOR_REQUIRED(
            "VectorRequired", "surfaces when a policy requires a security vector and the resource asks for none."),
    LIMIT_EXCEEDED("LimitExceeded", "surfaces when a policy's limit on learning rate, epochs or GPUs is exceeded."),
    THRESHOLD_LOOSENED("ThresholdLoosened", "surfaces when a threshold is looser than a policy allows."),

    OUTPUT_TAKEN(
            "OutputTaken",
            "surfaces while another resource of the namespace, which came first, is to publish to the same place."),

    // While a run goes on
    SUSPENDED("Suspended", "surfaces while spec.suspend is true."),
    NOT_SUSPENDED(
            "NotSuspended", "surfaces on the condition Suspended while spec.suspend is false, or the run has ended."),
    STAGE_RUNNING("StageRunning", "surfaces while a stage's Job runs."),
    POD_PENDING("PodPending", "surfaces when a stage's pod cannot start yet; the message says why."),
    UNSCHEDULABLE(
            "Unschedulable",
            "surfaces while no node has room for a stage's pod, or none fits it; the message says why."),
    IMAGE_PULL_ERROR("ImagePullError", "surfaces while the trainer's image cannot be pulled to a node."),
    VOLUME_NOT_BOUND(
            "VolumeNotBound", "surfaces while a volume claim that a stage's pod mounts is bound to no volume."),
    QUOTA_EXCEEDED("QuotaExceeded", "surfaces while a quota of the namespace leaves no room for what a stage needs."),
    POD_REFUSED("PodRefused", "surfaces while the cluster refuses a stage's pod; the message says why."),
    JOB_HELD("JobHeld", "surfaces while something else than spec.suspend, such as a queue, holds a stage's Job."),
    JOB_CHANGED("JobChanged", "surfaces while a stage's Job has been changed so that it makes no pod."),
    NODE_DRAINED(
            "NodeDrained",
            "surfaces when a stage's pod has to leave its node: drained, tainted or shut down; it is replaced."),
    NODE_LOST("NodeLost", "surfaces while the node of a stage's pod does not answer, or when it is gone with the pod."),
    PREEMPTED("Preempted", "surfaces when a stage's pod had to make room for one of higher priority; it is replaced."),
    QUEUE_DEADLINE_EXCEEDED(
            "QueueDeadlineExceeded",
            "surfaces when the run's pods have waited longer than spec.runPolicy.queueDeadline."),
    ACTIVE_DEADLINE_EXCEEDED(
            "ActiveDeadlineExceeded",
            "surfaces when the run's stages were at work for longer than spec.runPolicy.activeDeadline."),
    STAGE_STARTED("StageStarted", "surfaces as an event when a stage's Job is made."),
    STAGE_SUCCEEDED("StageSucceeded", "surfaces when a stage has done what it was to do."),
    JOB_LOST(
            "JobLost",
            "surfaces when a stage's Job or its pod was deleted before its result was read; it is not silently run again."),
    EVICTED(
            "Evicted",
            "surfaces when a stage's pod was evicted because its node ran short of memory or disk; it is replaced."),
    RESULT_MISSING("ResultMissing", "surfaces when a stage's pod ended without a result."),
    RESULT_UNREADABLE("ResultUnreadable", "surfaces when a pod's termination message is not a result of this release."),
    RESULT_FOREIGN("ResultForeign", "surfaces when a result is of another run or stage than the pod that states it."),
    RESULT_CONTRADICTORY(
            "ResultContradictory", "surfaces when a result says one thing and the pod's exit code another."),
    JOB_SPEC_LOST("JobSpecLost", "surfaces when the ConfigMap of a stage's job spec is gone or was changed."),
    NAME_TAKEN("NameTaken", "surfaces while an object of the name that a run needs belongs to something else."),
    APPLY_FAILED(
            "ApplyFailed", "surfaces when the API server refused what the operator wanted to write; it tries again."),

    // At the end of a run
    SUCCEEDED("Succeeded", "surfaces when everything that was wished for is there."),
    SAFETY_GATE_REFUSED(
            "SafetyGateRefused", "surfaces when the evaluation found the model not safe or not useful enough."),
    VECTOR_REFUSED("VectorRefused", "surfaces when the assessment found the vector not good enough."),
    RUN_FAILED("RunFailed", "surfaces when the run ended before this could be decided."),

    // A stage's own fault; the same words as in its result
    INTERNAL("Internal", "surfaces when a stage failed by a bug, or by something that nobody foresaw."),
    JOB_SPEC_INVALID("JobSpecInvalid", "surfaces when operator and trainer image are of different releases."),
    MODEL_INVALID("ModelInvalid", "surfaces when the base model cannot be read or is of an unsupported kind."),
    DATASET_INVALID("DatasetInvalid", "surfaces when a dataset is missing, empty or holds a line that cannot be used."),
    VECTOR_MISMATCH(
            "VectorMismatch",
            "surfaces when the vector is not the one its resource states, or is for another base model."),
    OUTPUT_NOT_WRITABLE("OutputNotWritable", "surfaces when the place to publish to cannot be written to."),
    SETTINGS_INVALID(
            "SettingsInvalid",
            "surfaces when a setting does not fit the model, such as a layer that it does not have."),
    DATASET_BLOCKED("DatasetBlocked", "surfaces when screening found harmful samples and its action is Block."),
    DIVERGED("Diverged", "surfaces when the loss became infinite or not a number."),
    ARTIFACT_CHANGED(
            "ArtifactChanged", "surfaces when a file on the run's volume is not what an earlier stage left there."),
    NOT_VERIFIED(
            "NotVerified", "surfaces when something went wrong while safety was judged, or no result can be read."),
    PUBLISH_CHECK_FAILED(
            "PublishCheckFailed",
            "surfaces when the published model differs from the trained one, or holds a part of the vector."),
    STORAGE("Storage", "surfaces when reading or writing failed, such as on a full disk."),
    OUT_OF_MEMORY("OutOfMemory", "surfaces when a stage ran out of memory.");

    private final String text;
    private final String description;

    Reason(String text, String description) {
        this.text = text;
        this.description = description;
    }

    /** The reason as it stands on the status. */
    public String text() {
        return text;
    }

    /** When it surfaces, in a sentence. */
    public String description() {
        return description;
    }
}
