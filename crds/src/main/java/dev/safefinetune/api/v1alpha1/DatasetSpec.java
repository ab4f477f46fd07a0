package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The data that a user fine-tunes on. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties("secretRef") // a field of earlier releases that nothing read
public record DatasetSpec(
        @JsonPropertyDescription(
                "Where the dataset lies: pvc://claim/path, with a PersistentVolumeClaim of the same namespace. hf://, s3://, oci:// and https:// are kept for later releases; this one refuses them with UriNotServed.")
        @Required
        @Size(max = UriRules.MAX_LENGTH)
        @ValidationRule(
                value = UriRules.READ,
                message =
                        "uri must start with pvc://, hf://, s3://, oci:// or https://, such as pvc://claim/train.jsonl, in printable ASCII without spaces")
        @ValidationRule(value = UriRules.CLAIM, message = UriRules.CLAIM_MESSAGE)
        @ValidationRule(value = UriRules.INSIDE, message = UriRules.INSIDE_MESSAGE)
        String uri,

        @JsonPropertyDescription(
                "How a line is read, a JSON object. Messages: a list called messages, each with role and content, or another form of docs/datasets.md; loss is on the assistant's turns only. Text: a string called text, without a chat template; loss is on every token but the first, and safety.gate.mode and safety.screening.action must be Disabled.")
        @Default("Messages")
        DatasetFormat format,

        @JsonPropertyDescription("Which part of the dataset is held out of training.") @Default("{}")
        ValidationSpec validation) {
    public DatasetSpec {
        format = Given.or(format, DatasetFormat.MESSAGES);
        validation = Given.or(validation, ValidationSpec.DEFAULT);
    }
}
