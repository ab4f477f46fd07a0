package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** What happens to samples that are probably harmful. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScreeningSpec(
        @JsonPropertyDescription(
                "What happens to samples whose loss drop marks them as probably harmful. Disabled: nothing. Report: they are listed in the report. Drop: they are listed and not trained on. Block: the run ends.")
        @Default("Report")
        ScreeningAction action) {
    static final ScreeningSpec DEFAULT = new ScreeningSpec(ScreeningAction.REPORT);

    public ScreeningSpec {
        action = Given.or(action, ScreeningAction.REPORT);
    }
}
