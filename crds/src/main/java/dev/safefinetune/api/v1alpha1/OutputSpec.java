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
        @Size(max = 1024)
        @ValidationRule(
                value = "self.matches('^(pvc|hf|s3|oci)://[!-~]+$')",
                message =
                        "uri must start with pvc://, hf://, s3:// or oci://, such as pvc://claim/path, in printable ASCII without spaces")
        @ValidationRule(
                value =
                        "!self.startsWith('pvc://') || self.matches('^pvc://[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[^/ ]+)*/?$')",
                message =
                        "a pvc:// URI must be pvc://claim or pvc://claim/path, with the name of a PersistentVolumeClaim of the same namespace")
        @ValidationRule(
                value = "!self.matches('/[.][.]?(/|$)')",
                message = "uri must not have . or .. as a segment of its path")
        String uri,

        @JsonPropertyDescription(
                "Merged: a whole model with the adapter merged in. Adapter: the adapter alone, in PEFT's format; needs method.type LoRA.")
        @Default("Merged")
        OutputContent content) {
    public OutputSpec {
        content = Given.or(content, OutputContent.MERGED);
    }
}
