package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The data that a user fine-tunes on. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetSpec(
        @JsonPropertyDescription(
                "Where the dataset lies: pvc://claim/path, hf://organisation/name@revision, s3://bucket/key, oci://registry/repository:tag or https://host/path.")
        @Required
        @Size(max = 1024)
        @ValidationRule(
                value = "self.matches('^(pvc|hf|s3|oci|https)://[^ ]+$')",
                message =
                        "uri must start with pvc://, hf://, s3://, oci:// or https://, such as pvc://claim/train.jsonl")
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
                "How a line is read. Messages: a JSON object with a list called messages, each with role and content; loss is on the assistant's turns only.")
        @Default("Messages")
        DatasetFormat format,

        @JsonPropertyDescription("Which part of the dataset is held out of training.") @Default("{}")
        ValidationSpec validation,

        @JsonPropertyDescription(
                "Secret with the credentials that reading needs; pvc:// needs none, and this release serves no other scheme.")
        @Nullable
        SecretRef secretRef) {
    public DatasetSpec {
        format = Given.or(format, DatasetFormat.MESSAGES);
        validation = Given.or(validation, ValidationSpec.DEFAULT);
    }
}
