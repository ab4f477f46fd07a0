package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What screening found in the dataset. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScreeningStatus(
        @JsonPropertyDescription("Samples whose loss drop was measured.") @Required
        Integer scanned,

        @JsonPropertyDescription("Samples that are probably harmful.") @Required
        Integer flagged,

        @JsonPropertyDescription(
                "Trusted samples of the cooldown that are probably harmful and were therefore left out of it.")
        @Nullable
        Integer cooldownLeftOut) {}
