package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** What screening found in the dataset. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScreeningStatus(
        @JsonPropertyDescription("Samples whose loss drop was measured.") @Required
        Integer scanned,

        @JsonPropertyDescription("Samples that are probably harmful.") @Required
        Integer flagged) {}
