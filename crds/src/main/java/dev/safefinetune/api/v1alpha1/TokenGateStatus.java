package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the assessment found of single answer tokens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenGateStatus(
        @JsonPropertyDescription("Threshold of an answer's first eight tokens, in nats.") @Nullable
        String firstDrop,

        @JsonPropertyDescription("Their threshold on the share of the token's loss, 0 to 1.") @Nullable
        String firstShare,

        @JsonPropertyDescription("Threshold of later tokens, in nats.") @Nullable
        String restDrop,

        @JsonPropertyDescription("Their threshold on the share of the token's loss, 0 to 1.") @Nullable
        String restShare,

        @JsonPropertyDescription("Share of the held-out benign tokens that exceed the thresholds, 0 to 1.") @Nullable
        String falseAlarms,

        @JsonPropertyDescription(
                "Share of the held-out harmful tokens that exceed the thresholds, of those that have a loss to speak of, 0 to 1.")
        @Nullable
        String caught,

        @JsonPropertyDescription(
                "Why there are no thresholds: where harmful and benign tokens cannot be told apart. A gate with unit Tokens then leaves out whole samples.")
        @Nullable
        String crossing) {}
