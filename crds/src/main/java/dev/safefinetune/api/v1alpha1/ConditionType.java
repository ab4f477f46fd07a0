package dev.safefinetune.api.v1alpha1;

/**
 * Types of the conditions on a resource's status. {@code docs/conditions.md} is made of these constants.
 *
 * <p>{@link #READY}, {@link #RECONCILING} and {@link #STALLED} are those of kstatus, which GitOps tools read.
 */
public enum ConditionType {
    READY(
            "Ready",
            "True once the result may be used: the model is published, or the vector has passed its assessment."),
    RECONCILING("Reconciling", "True while a run is under way or waits for something that may still come."),
    STALLED("Stalled", "True when nothing will happen until somebody changes something."),
    SUSPENDED(
            "Suspended", "True while spec.suspend holds the run: its pod has been asked to end, and nothing is begun."),
    POLICY_ACCEPTED(
            "PolicyAccepted",
            "Whether the run is within the enforced policies that select the namespace; its message names what others would have refused, and waivers."),
    DATASET_VALID("DatasetValid", "Whether every sample could be read and fits the model."),
    TRAINED("Trained", "Whether training has ended with a model or a vector."),
    SAFETY_GATE_PASSED(
            "SafetyGatePassed",
            "Whether the fine-tuned model, or the vector, was found good enough; judged by another pod than the one that trained."),
    PUBLISHED("Published", "Whether the result lies where it was wished for, reloaded and compared."),
    COMPLETE("Complete", "True once the run has ended with all that was wished for."),
    FAILED("Failed", "True once the run has ended without, or was refused.");

    private final String text;
    private final String description;

    ConditionType(String text, String description) {
        this.text = text;
        this.description = description;
    }

    /** The type as it stands on the status. */
    public String text() {
        return text;
    }

    /** What it says, in a sentence. */
    public String description() {
        return description;
    }
}
