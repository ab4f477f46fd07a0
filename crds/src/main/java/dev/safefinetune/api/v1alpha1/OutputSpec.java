package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the result is published. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties("secretRef") // a field of earlier releases that nothing read
public record OutputSpec(
        @JsonPropertyDescription(
                "Where the model is published once it has passed its safety evaluation: pvc://claim/path, with a PersistentVolumeClaim of the same namespace. hf://, s3:// and oci:// are kept for later releases; this one refuses them with UriNotServed.")
        @Required
        @Size(max = UriRules.MAX_LENGTH)
        @ValidationRule(value = UriRules.WRITTEN, message = UriRules.WRITTEN_MESSAGE)
        @ValidationRule(value = UriRules.CLAIM, message = UriRules.CLAIM_MESSAGE)
        @ValidationRule(value = UriRules.INSIDE, message = UriRules.INSIDE_MESSAGE)
        String uri,

        @JsonPropertyDescription(
                "Merged: a whole model with the adapter merged in. Adapter: the adapter alone, in PEFT's format; needs method.type LoRA.")
        @Default("Merged")
        OutputContent content) {
    public OutputSpec {
        content = Given.or(content, OutputContent.MERGED);
    }
}
