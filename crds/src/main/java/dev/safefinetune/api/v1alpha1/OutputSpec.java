package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the result is published. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutputSpec(
        @JsonPropertyDescription(
                "Where the model is published once it has passed its safety evaluation: pvc://claim/path, hf://organisation/name, s3://bucket/key or oci://registry/repository:tag.")
        @Required
        @Size(max = 1024)
        @ValidationRule(
                value = "self.matches('^(pvc|hf|s3|oci)://[^ ]+$')",
                message = "uri must start with pvc://, hf://, s3:// or oci://, such as pvc://claim/path")
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
        OutputContent content,

        @JsonPropertyDescription(
                "Secret with the credentials that publishing needs; pvc:// needs none, and this release serves no other scheme.")
        @Nullable
        SecretRef secretRef) {
    public OutputSpec {
        content = Given.or(content, OutputContent.MERGED);
    }
}
