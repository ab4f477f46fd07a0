package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Something to read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties("secretRef") // a field of earlier releases that nothing read
public record SourceSpec(
        @JsonPropertyDescription(
                "Where it lies: pvc://claim/path, with a PersistentVolumeClaim of the same namespace. hf://, s3://, oci:// and https:// are kept for later releases; this one refuses them with UriNotServed.")
        @Required
        @Size(max = 1024)
        @ValidationRule(
                value = "self.matches('^(pvc|hf|s3|oci|https)://[!-~]+$')",
                message =
                        "uri must start with pvc://, hf://, s3://, oci:// or https://, such as pvc://claim/path, in printable ASCII without spaces")
        @ValidationRule(
                value =
                        "!self.startsWith('pvc://') || self.matches('^pvc://[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[^/ ]+)*/?$')",
                message =
                        "a pvc:// URI must be pvc://claim or pvc://claim/path, with the name of a PersistentVolumeClaim of the same namespace")
        @ValidationRule(
                value = "!self.matches('/[.][.]?(/|$)')",
                message = "uri must not have . or .. as a segment of its path")
        String uri) {}
