package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A suite of requests and tasks with which fine-tuned models are evaluated. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SuiteSpec(
        @JsonPropertyDescription("Harmful requests that no training has seen, as JSONL with messages and a category.")
        @Required
        SourceSpec prompts,

        @JsonPropertyDescription(
                "Tasks that show what a model can still do and what it has learned, as JSONL with messages and a category.")
        @Nullable
        SourceSpec utility) {}
