package dev.safefinetune.api.v1alpha1;

/** Reasons of conditions, stages and events. {@code docs/conditions.md} is made of these constants. */
public enum Reason {
    // Before a run
    NOT_STARTED("NotStarted", "while the stage that decides this has not ended", "Nothing"),
    URI_NOT_SERVED(
            "UriNotServed",
            "when a URI's scheme is known but this release cannot read from or write to it",
            "Name a place of a scheme that the message lists"),
    EVALUATION_MISSING(
            "EvaluationMissing",
            "when neither the resource nor its security vector names the requests to evaluate with",
            "Set spec.safety.evaluation.prompts and spec.safety.evaluation.utility, or spec.evaluation of the vector"),
    VECTOR_NOT_FOUND(
            "VectorNotFound",
            "when the security vector does not exist, or none is for the base model",
            "Name a vector that exists, or make one for this base model"),
    VECTOR_NOT_READY(
            "VectorNotReady",
            "when the security vector exists and is not ready",
            "Wait; where the vector has failed, its own conditions say why"),
    VECTOR_NOT_SHARED(
            "VectorNotShared",
            "when the vector's allowedNamespaces does not list the resource's namespace",
            "Ask the vector's owner to list the namespace in spec.allowedNamespaces"),
    VECTOR_FOR_ANOTHER_BASE(
            "VectorForAnotherBase",
            "when the vector was trained on a model of another digest than the run's",
            "Train a vector on this very base model, or use the one that the vector was trained on"),
    VECTOR_OUT_OF_REACH(
            "VectorOutOfReach",
            "when the vector lies in a volume claim, which only pods of its own namespace reach, or in a namespace that the operator may not read",
            "Make the vector in the run's own namespace"),
    VOLUME_NOT_FOUND(
            "VolumeNotFound",
            "when a volume claim that a URI names does not exist",
            "Create the claim, or correct the URI; the run goes on by itself"),
    SPEC_INVALID(
            "SpecInvalid",
            "when a field asks for something that cannot be; its message names the field",
            "Change the field that the message names"),
    CUDA_IMAGE_MISSING(
            "CudaImageMissing",
            "when pods are to hold NVIDIA GPUs, and the installation names no image that computes on them",
            "Set trainer.cuda.image.repository of the chart, or spec.resources.gpus to 0"),
    NAME_TOO_LONG(
            "NameTooLong",
            "when the names of the run's Jobs would be longer than 63 characters",
            "Give the resource a shorter name; the message says by how much"),
    NO_POLICY("NoPolicy", "when no policy selects the namespace", "Nothing"),
    WITHIN_LIMITS("WithinLimits", "when all policies that select the namespace are kept", "Nothing"),
    NOT_ENFORCED(
            "NotEnforced",
            "when a policy that only warns would have refused the run; also as an event",
            "Change what the message names before the policy is enforced, or ask whoever keeps it"),
    WAIVED("Waived", "when a waiver lets a run pass; see status.resolved.held", "Be within the policy before it ends"),
    MODEL_NOT_ALLOWED(
            "ModelNotAllowed",
            "when a policy does not allow the base model, by its place or by its digest",
            "Use a base model that the message lists, or ask whoever keeps the policy"),
    VECTOR_REQUIRED(
            "VectorRequired",
            "when a policy requires a security vector and the resource asks for none",
            "Set spec.safety.protection to SecurityVector"),
    VECTOR_NOT_ALLOWED(
            "VectorNotAllowed",
            "when no policy pins the security vector, or it was held to less than a policy asks of vectors",
            "Name a vector that the message lists in spec.safety.vectorRef, or ask whoever keeps the policy to pin the digest that the message states"),
    SUITE_NOT_ALLOWED(
            "SuiteNotAllowed",
            "when no policy pins the suite that the run would be judged by, it asks less than a policy wants, or a policy asks a suite of the platform that the run cannot be judged by",
            "Leave spec.safety.evaluation.prompts and spec.safety.evaluation.utility out, or ask whoever keeps the policy to pin the digest that the message states; where a policy asks another suite since the run began, make it anew"),
    SAFETY_LOWERED(
            "SafetyLowered",
            "when a run's gate or screening is milder than a policy allows",
            "Leave the field that the message names out, or set it as the message says"),
    LIMIT_EXCEEDED(
            "LimitExceeded",
            "when a policy's limit on learning rate, epochs (those of the cooldown among them) or GPUs is exceeded; asked before each stage",
            "Lower the field that the message names to the limit, or ask whoever keeps the policy"),
    COOLDOWN_DATASET_NOT_ALLOWED(
            "CooldownDatasetNotAllowed",
            "when a policy does not allow the trusted samples that the resource names for the cooldown, or so many steps of it",
            "Leave spec.safety.cooldown.dataset out, or ask whoever keeps the policy"),
    THRESHOLD_LOOSENED(
            "ThresholdLoosened",
            "when a threshold is looser than a policy allows, or a model was judged by one that a policy has tightened since",
            "Set the threshold at least as tight as the policy, or leave it out"),
    OUTPUT_TAKEN(
            "OutputTaken",
            "while another resource of the namespace, which came first, is to publish to the same place, and where a model would come to a vector's place or a vector to a model's",
            "Wait, or publish to another place, as the message says"),

    // While a run goes on
    SUSPENDED("Suspended", "while spec.suspend is true", "Set spec.suspend to false when it may go on"),
    NOT_SUSPENDED(
            "NotSuspended", "on the condition Suspended while spec.suspend is false, or the run has ended", "Nothing"),
    STAGE_RUNNING("StageRunning", "while a stage's Job runs", "Nothing"),
    POD_PENDING(
            "PodPending",
            "when a stage's pod cannot start yet; the message says why",
            "Give the pod what the message names"),
    UNSCHEDULABLE(
            "Unschedulable",
            "while no node has room for a stage's pod, or none fits it; the message says why",
            "Free or add a node that fits, or ask for less in spec.resources; the run goes on by itself"),
    IMAGE_PULL_ERROR(
            "ImagePullError",
            "while the trainer's image cannot be pulled to a node",
            "Correct trainer.image of the chart, or trainer.cuda.image where the pod holds NVIDIA GPUs, or give the nodes or the ServiceAccount the credentials"),
    VOLUME_NOT_BOUND(
            "VolumeNotBound",
            "while a volume claim that a stage's pod mounts is bound to no volume",
            "Look at the claim with kubectl describe pvc: its storage class, size and access mode"),
    QUOTA_EXCEEDED(
            "QuotaExceeded",
            "while a quota of the namespace leaves no room for what a stage needs",
            "Wait until other work of the namespace has ended, raise the quota, or ask for less"),
    POD_REFUSED(
            "PodRefused",
            "while the cluster refuses a stage's pod; the message says why",
            "Change what refuses it: the message is that of the admission or the security standard"),
    JOB_HELD(
            "JobHeld",
            "while something else than spec.suspend, such as a queue, holds a stage's Job",
            "Wait for the queue that holds it, or look there"),
    JOB_CHANGED(
            "JobChanged",
            "while a stage's Job has been changed so that it makes no pod",
            "Undo the change to the Job (its parallelism), or change the spec for a new run"),
    NODE_DRAINED(
            "NodeDrained",
            "when a stage's pod has to leave its node: drained, tainted or shut down; it is replaced",
            "Nothing; the next pod goes on from the last checkpoint"),
    NODE_LOST(
            "NodeLost",
            "while the node of a stage's pod does not answer, or when it is gone with the pod",
            "Bring the node back; one that is gone for good: kubectl delete node, and the run goes on elsewhere"),
    PREEMPTED(
            "Preempted",
            "when a stage's pod had to make room for one of higher priority; it is replaced",
            "Nothing; set spec.resources.template.priorityClassName where this happens too often"),
    QUEUE_DEADLINE_EXCEEDED(
            "QueueDeadlineExceeded",
            "when the run has waited longer than spec.runPolicy.queueDeadline",
            "Make room, or raise spec.runPolicy.queueDeadline; then change the spec or the name for a new run"),
    ACTIVE_DEADLINE_EXCEEDED(
            "ActiveDeadlineExceeded",
            "when the run's stages were at work for longer than spec.runPolicy.activeDeadline",
            "Raise spec.runPolicy.activeDeadline or shorten the training, under a new name or a changed spec"),
    RUN_REPLACED(
            "RunReplaced",
            "as an event when another run takes the place of the one before, because the spec was changed; the message names the parts of the spec",
            "Nothing, if that was meant: what the run before had done is deleted and begun anew"),
    STAGE_STARTED("StageStarted", "as an event when a stage's Job is made", "Nothing"),
    GPUS_NOT_USED(
            "GpusNotUsed",
            "as an event when a run begins whose pods hold GPUs of another resource than nvidia.com/: they compute on processors",
            "Set spec.resources.gpus to 0, so that others may have them, or spec.resources.gpuResource to one of NVIDIA GPUs"),
    STAGE_SUCCEEDED("StageSucceeded", "when a stage has done what it was to do", "Nothing"),
    JOB_LOST(
            "JobLost",
            "when a stage's Job or its pod was deleted before its result was read; it is not silently run again",
            "Find out who deletes Jobs or pods (the audit log says), then start again under a new name"),
    EVICTED(
            "Evicted",
            "when a stage's pod was evicted because its node ran short of memory or disk; it is replaced",
            "Nothing at first; where it comes again, set spec.resources or find what fills the node"),
    RESULT_MISSING(
            "ResultMissing",
            "when a stage's pod ended without a result",
            "Nothing while the message says that it is tried again; after that read the pod's log, and start again under a new"
                    + " name"),
    RESULT_UNREADABLE(
            "ResultUnreadable",
            "when a pod's termination message is not a result of this release",
            "Let trainer image and operator be of one release; where they are, somebody else wrote the message"),
    RESULT_FOREIGN(
            "ResultForeign",
            "when a result is of another run, stage or job spec than the Job of the pod that states it",
            "Treat it as an attack or as a bug: look at who may write pods in the namespace"),
    RESULT_CONTRADICTORY(
            "ResultContradictory",
            "when a result says one thing and the pod's exit code another",
            "Treat it as an attack or as a bug: look at who may write pods in the namespace"),
    JOB_SPEC_LOST(
            "JobSpecLost",
            "when the job spec of a stage's Job cannot be read, or, of a Job of an earlier release, its ConfigMap is gone or was changed",
            "Find out who edits Jobs and ConfigMaps in the namespace, then start again under a new name"),
    NAME_TAKEN(
            "NameTaken",
            "while an object of the name that a run needs belongs to something else, or is a Job that the operator has not made",
            "Rename or delete the object that the message names, if it is yours"),
    APPLY_FAILED(
            "ApplyFailed",
            "when the API server refused what the operator wanted to write; it tries again",
            "Read the message, which is the API server's; a missing right is given by upgrading the chart"),

    // At the end of a run
    SUCCEEDED("Succeeded", "when everything that was wished for is there", "Nothing"),
    SAFETY_GATE_REFUSED(
            "SafetyGateRefused",
            "when the evaluation found the model not safe or not useful enough",
            "Read which figure failed, in the message, in status.safety.evaluation, or in the report, whose place the message names; clean the data, or use a stronger vector. The same again gives the same"),
    VECTOR_REFUSED(
            "VectorRefused",
            "when the assessment found the vector not good enough",
            "Read which figure failed; add or vary samples, or train longer"),
    RUN_FAILED("RunFailed", "when the run ended before this could be decided", "Look at the condition Failed"),

    // A stage's own fault; the same words as in its result
    INTERNAL(
            "Internal",
            "when a stage failed by a bug, or by something that nobody foresaw",
            "Report it with the pod's log"),
    JOB_SPEC_INVALID(
            "JobSpecInvalid",
            "when operator and trainer image are of different releases",
            "Let trainer.image and trainer.cuda.image of the chart be of the release of the operator"),
    MODEL_INVALID(
            "ModelInvalid",
            "when the base model or a judge model cannot be read, is of an unsupported kind, or is another than it is pinned to",
            "Correct what the message names: the weights (safetensors), tokenizer.json, or an architecture that is not supported; of a judge also its digest"),
    DATASET_INVALID(
            "DatasetInvalid",
            "when a dataset is missing, empty or holds a line that cannot be used",
            "Correct the line that the message names"),
    VECTOR_MISMATCH(
            "VectorMismatch",
            "when the vector is not the one its resource states, or is for another base model",
            "Train the vector anew for this base model; where its files were changed, find out by whom"),
    OUTPUT_NOT_WRITABLE(
            "OutputNotWritable",
            "when the place to publish to cannot be written to, or holds what is not to be replaced",
            "Let the claim be writable for the user and group of the pods, or publish elsewhere"),
    SETTINGS_INVALID(
            "SettingsInvalid",
            "when a setting does not fit the model, such as a layer that it does not have, or a judge's template or pattern is none",
            "Change the field that the message names"),
    DATASET_BLOCKED(
            "DatasetBlocked",
            "when screening found harmful samples and its action is Block",
            "Look at the sample that the message numbers and at others like it; remove them, or choose another spec.safety.screening.action"),
    DIVERGED(
            "Diverged",
            "when the loss became infinite or not a number",
            "Lower the learning rate, or lengthen the warm-up"),
    ARTIFACT_CHANGED(
            "ArtifactChanged",
            "when a file on the run's volume is not what an earlier stage left there",
            "Find out who else writes to the run's volume, then start again under a new name"),
    NOT_VERIFIED(
            "NotVerified",
            "when something went wrong while safety was judged, or no result can be read",
            "Read the pod's log; it is not published, and not judged again by itself. Start again under a new name"),
    PUBLISH_CHECK_FAILED(
            "PublishCheckFailed",
            "when the published model differs from the trained one, holds a part of the vector, or has a value that the type of the base's checkpoint cannot hold",
            "Do what the message says of a value; else look at the disk behind the output, then report it with the pod's log"),
    STORAGE(
            "Storage",
            "when reading or writing failed, such as on a full disk",
            "Give the volume that the message names more room"),
    OUT_OF_MEMORY(
            "OutOfMemory",
            "when a stage ran out of memory",
            "Lower spec.method.hyperparameters.microBatchTokens, which changes no result, or raise spec.resources.memory"),
    NO_USABLE_GPU(
            "NoUsableGpu",
            "when a stage's pod was given GPUs and its trainer can use none of them, or fewer; the message says what it found",
            "Look at the node's driver and device plugin; keep the run off the node with spec.resources.template, or set spec.resources.gpus to 0");

    private final String text;
    private final String when;
    private final String remedy;

    Reason(String text, String when, String remedy) {
        this.text = text;
        this.when = when;
        this.remedy = remedy;
    }

    /** The reason as it stands on the status. */
    public String text() {
        return text;
    }

    /** When it is seen: half a sentence. */
    public String when() {
        return when;
    }

    /** What whoever sees it may do: a sentence without its full stop. */
    public String remedy() {
        return remedy;
    }
}
