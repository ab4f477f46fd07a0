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
        @ValidationRule(value = UriRules.CLAIM, message = UriRules.CLAIM_MESSAGE)
        @ValidationRule(value = UriRules.INSIDE, message = UriRules.INSIDE_MESSAGE)
        String uri) {}
