package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a security vector is kept. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties("secretRef") // a field of earlier releases that nothing read
public record StorageSpec(
        @JsonPropertyDescription(
                "Directory that will hold the vector: pvc://claim/path, with a PersistentVolumeClaim of the same namespace; it must not be public. s3:// and oci:// are kept for later releases; this one refuses them with UriNotServed.")
        @Required
        @Size(max = 1024)
        @ValidationRule(
                value = "self.matches('^(pvc|s3|oci)://[!-~]+$')",
                message =
                        "uri must start with pvc://, s3:// or oci://, such as pvc://claim/path, in printable ASCII without spaces")
        @ValidationRule(
                value =
                        "!self.startsWith('pvc://') || self.matches('^pvc://[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[^/ ]+)*/?$')",
                message =
                        "a pvc:// URI must be pvc://claim or pvc://claim/path, with the name of a PersistentVolumeClaim of the same namespace")
        @ValidationRule(
                value = "!self.matches('/[.][.]?(/|$)')",
                message = "uri must not have . or .. as a segment of its path")
        String uri) {}
