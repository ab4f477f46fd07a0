package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** What is to be fine-tuned, how, and where the result goes. */
@JsonClassDescription("What is to be fine-tuned, how, and where the result goes.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.output.content != 'Adapter' || self.method.type == 'LoRA'",
        message = "output.content Adapter needs method.type LoRA; with method.type Full it must be Merged",
        fieldPath = ".output.content")
@ValidationRule(
        value = "self.method.type != 'Full' || !has(self.resources.gpus) || self.resources.gpus <= 1",
        message = "resources.gpus above 1 needs method.type LoRA; with method.type Full it must be 0 or 1",
        fieldPath = ".resources.gpus")
@ValidationRule(
        value =
                "self.dataset.format != 'Text' || self.safety.protection == 'None' || (self.safety.gate.mode == 'Disabled' && self.safety.screening.action == 'Disabled')",
        message =
                "dataset.format Text needs safety.gate.mode Disabled and safety.screening.action Disabled, or safety.protection None: gate and screening judge answers to requests, and a text has none",
        fieldPath = ".dataset.format")
public record SafeFineTuneSpec(
        @JsonPropertyDescription(
                "The base model, a directory in the format of Hugging Face with config.json, tokenizer.json and safetensors.")
        @Required
        SourceSpec model,

        @JsonPropertyDescription("The data to fine-tune on.") @Required
        DatasetSpec dataset,

        @JsonPropertyDescription("How the model is fine-tuned.") @Default("{}")
        MethodSpec method,

        @JsonPropertyDescription("How the model is kept safe while it learns, and what it is held to afterwards.")
        @Default("{}")
        SafetySpec safety,

        @JsonPropertyDescription("What the pods of a run get.") @Default("{}")
        ResourcesSpec resources,

        @JsonPropertyDescription("How training is saved, so that a pod that is ended loses little.") @Default("{}")
        CheckpointSpec checkpoint,

        @JsonPropertyDescription("Where the model is published once it has passed its safety evaluation.") @Required
        OutputSpec output,

        @JsonPropertyDescription(
                "Whether the run is held: its pod is asked to end and may save a checkpoint first, and nothing new is begun. Set back to false, the same run goes on.")
        @Default("false")
        Boolean suspend,

        @JsonPropertyDescription("How the run is carried out; a change here never starts a new run.") @Default("{}")
        RunPolicySpec runPolicy)
        implements RunSpec {
    public SafeFineTuneSpec {
        method = Given.or(method, MethodSpec.DEFAULT);
        safety = Given.or(safety, SafetySpec.DEFAULT);
        resources = Given.or(resources, ResourcesSpec.DEFAULT);
        suspend = Given.or(suspend, false);
        runPolicy = Given.or(runPolicy, RunPolicySpec.DEFAULT);
        checkpoint = Given.or(checkpoint, CheckpointSpec.DEFAULT);
    }
}
