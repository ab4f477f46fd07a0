package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Harmful samples, in a file or in a Secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.uri) != has(self.secretRef)",
        message = "exactly one of uri and secretRef must be given")
public record HarmfulDatasetSpec(
        @JsonPropertyDescription(
                "Where the samples lie: pvc://claim/path, with a PersistentVolumeClaim of the same namespace; exactly one of uri and secretRef. hf://, s3://, oci:// and https:// are kept for later releases; this one refuses them with UriNotServed.")
        @Size(max = UriRules.MAX_LENGTH)
        @ValidationRule(
                value = UriRules.READ,
                message =
                        "uri must start with pvc://, hf://, s3://, oci:// or https://, such as pvc://claim/harmful.jsonl, in printable ASCII without spaces")
        @ValidationRule(value = UriRules.CLAIM, message = UriRules.CLAIM_MESSAGE)
        @ValidationRule(value = UriRules.INSIDE, message = UriRules.INSIDE_MESSAGE)
        @Nullable
        String uri,

        @JsonPropertyDescription("Secret and key that hold the samples; exactly one of uri and secretRef.") @Nullable
        SecretKeyRef secretRef) {}
