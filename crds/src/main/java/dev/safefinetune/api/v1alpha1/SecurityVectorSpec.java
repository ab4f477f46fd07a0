package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a security vector is trained from, what it is held to and where it is kept. */
@JsonClassDescription("What a security vector is trained from, what it is held to and where it is kept.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecurityVectorSpec(
        @JsonPropertyDescription("The base model that the vector is for, a directory in the format of Hugging Face.")
        @Required
        SourceSpec baseModel,

        @JsonPropertyDescription(
                "At least 30, better 100 or more, harmful requests with compliant answers, as JSONL with messages and a category.")
        @Required
        HarmfulDatasetSpec harmfulDataset,

        @JsonPropertyDescription(
                "Harmful samples for the assessment of the vector: at least 30 requests, 5 of each category, none of them in harmfulDataset. Left out: a fifth to a third of harmfulDataset, which then needs 90 requests, 15 of each category.")
        @Nullable
        HarmfulDatasetSpec heldOutDataset,

        @JsonPropertyDescription("Samples of behaviour that the vector must leave alone, as JSONL with messages.")
        @Required
        SourceSpec benignDataset,

        @JsonPropertyDescription("How the vector is trained.") @Default("{}")
        VectorTrainingSpec training,

        @JsonPropertyDescription("What the vector is held to before it may be used.") @Default("{}")
        ReadinessSpec readiness,

        @JsonPropertyDescription(
                "The suite with which fine-tuned models are evaluated where their own resource names none. The vector has to prove it: with the vector attached, the base model has to comply with 0.9 of the requests, and without it refuse 0.8. A change after the assessment starts no new run, and the new suite is not proved.")
        @Nullable
        SuiteSpec evaluation,

        @JsonPropertyDescription(
                "Namespaces other than this one whose SafeFineTunes may use the vector; without effect while vectors lie on volume claims, the only storage of this release.")
        @Size(max = 256)
        @Nullable
        List<@Size(min = 1, max = 63) String> allowedNamespaces,

        @JsonPropertyDescription(
                "Where the vector is kept. It is itself a jailbreak: keep it private, and never beside a published model.")
        @Required
        StorageSpec storage,

        @JsonPropertyDescription("What the pods of a run get.") @Default("{}")
        ResourcesSpec resources,

        @JsonPropertyDescription(
                "Whether the run is held: its pod is asked to end and may save a checkpoint first, and nothing new is begun. Set back to false, the same run goes on.")
        @Default("false")
        Boolean suspend,

        @JsonPropertyDescription("How the run is carried out; a change here never starts a new run.") @Default("{}")
        RunPolicySpec runPolicy,

        @JsonPropertyDescription("How training is saved, so that a pod that is ended loses little.") @Default("{}")
        CheckpointSpec checkpoint)
        implements RunSpec {
    public SecurityVectorSpec {
        training = Given.or(training, VectorTrainingSpec.DEFAULT);
        readiness = Given.or(readiness, ReadinessSpec.DEFAULT);
        allowedNamespaces = allowedNamespaces == null ? null : List.copyOf(allowedNamespaces);
        resources = Given.or(resources, ResourcesSpec.DEFAULT);
        suspend = Given.or(suspend, false);
        runPolicy = Given.or(runPolicy, RunPolicySpec.DEFAULT);
        checkpoint = Given.or(checkpoint, CheckpointSpec.DEFAULT);
    }
}
