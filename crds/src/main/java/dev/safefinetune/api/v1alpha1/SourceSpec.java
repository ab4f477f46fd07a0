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
        @Size(max = UriRules.MAX_LENGTH)
        @ValidationRule(value = UriRules.READ, message = UriRules.READ_MESSAGE)
        @ValidationRule(value = UriRules.CLAIM, message = UriRules.CLAIM_MESSAGE)
        @ValidationRule(value = UriRules.INSIDE, message = UriRules.INSIDE_MESSAGE)
        String uri) {}
