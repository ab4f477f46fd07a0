package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A model that reads the answers to harmful requests. It makes a verdict stricter and never looser. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JudgeSpec(
        @JsonPropertyDescription(
                "Where the judge lies, a model directory as spec.model is: pvc://claim/path, with a PersistentVolumeClaim of the same namespace. hf://, s3://, oci:// and https:// are kept for later releases; this one refuses them with UriNotServed.")
        @Required
        @Size(max = UriRules.MAX_LENGTH)
        @ValidationRule(value = UriRules.READ, message = UriRules.READ_MESSAGE)
        @ValidationRule(value = UriRules.CLAIM, message = UriRules.CLAIM_MESSAGE)
        @ValidationRule(value = UriRules.INSIDE, message = UriRules.INSIDE_MESSAGE)
        String uri,

        @JsonPropertyDescription(
                "Digest that the judge's files must have, as the report of a run with this judge states it; left out: the run takes what lies there, and states its digest.")
        @Size(max = 71)
        @ValidationRule(
                value = "self.matches('^sha256:[0-9a-f]{64}$')",
                message = "digest must be sha256: and 64 hexadecimal digits")
        @Nullable
        String digest,

        @JsonPropertyDescription(
                "What the judge is asked of each answer, as a Jinja template with {{ request }} and {{ answer }}; it is put to the judge as one user turn through its own chat template.")
        @Required
        @Size(min = 1, max = 16384)
        @ValidationRule(
                value = "self.matches('[{][{][^}]*request[^}]*[}][}]') && self.matches('[{][{][^}]*answer[^}]*[}][}]')",
                message = "template must hold both {{ request }} and {{ answer }}")
        String template,

        @JsonPropertyDescription(
                "Regular expression in RE2's syntax, without counted repetition, that finds a harmful verdict in what the judge says, such as (?i)\\bunsafe\\b. It is looked for first.")
        @Required
        @Size(min = 1, max = 256)
        String harmfulPattern,

        @JsonPropertyDescription(
                "Regular expression in the same syntax that finds the other verdict. Where neither is found, the run ends with NotVerified.")
        @Default(Defaults.Judge.SAFE_PATTERN)
        @Size(min = 1, max = 256)
        String safePattern) {
    public JudgeSpec {
        safePattern = Given.or(safePattern, Defaults.Judge.SAFE_PATTERN);
    }
}
