package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Most that a run may ask for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimitsSpec(
        @JsonPropertyDescription(
                "Highest learning rate, a number written as a string; large rates wear safety down whatever the data. Left out: no limit.")
        @Size(max = 32)
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{1,12}([.][0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$') && double(self) > 0.0 && double(self) <= 1.0",
                message =
                        "maxLearningRate must be a number above 0 and at most 1 written as a string, such as \"5e-4\"")
        @Nullable
        String maxLearningRate,

        @JsonPropertyDescription(
                "Most epochs, those of the cooldown and of a repair that may come among them: their steps times the batch size, over the training samples. Left out: no limit.")
        @Min(1)
        @Nullable
        Integer maxEpochs,

        @JsonPropertyDescription(
                "Most GPUs that one pod may hold, whether its resource asks for them or the installation gives them; left out: no limit.")
        @Min(0)
        @Nullable
        Integer maxGpus,

        @JsonPropertyDescription(
                "Most attempts with one base model and one dataset, by their digests, in a namespace. A run that was judged and did not pass counts, and one that is being judged. Left out: no limit; the bound of harmful compliance is corrected for their number all the same.")
        @Min(1)
        @Nullable
        Integer maxAttempts) {
    static final LimitsSpec NONE = new LimitsSpec(null, null, null, null);
}
