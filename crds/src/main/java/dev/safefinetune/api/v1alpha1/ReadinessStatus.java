package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How good the vector is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReadinessStatus(
        @JsonPropertyDescription("Passed: the vector may be used. Failed: it may not.") @Required
        SafetyVerdict verdict,

        @JsonPropertyDescription("What spoke against the vector, one sentence each; empty when passed.")
        @Size(max = 64)
        @Nullable
        List<String> findings,

        @JsonPropertyDescription("Calibrated threshold of the gate, in nats per answer token.") @Nullable
        String gateDrop,

        @JsonPropertyDescription(
                "Calibrated threshold of the gate on the share of a sample's loss that the vector explains, 0 to 1.")
        @Nullable
        String gateShare,

        @JsonPropertyDescription("The base model's own answers that a cooldown trains on; they lie beside the vector.")
        @Nullable
        ReplayStatus replay,

        @JsonPropertyDescription(
                "Held-out samples of all categories whose first answer token is the most likely one with the vector on; the lower bound is held to minFirstTokenCompliance.")
        @Nullable
        RateStatus firstTokenCompliance,

        @JsonPropertyDescription("The harm categories that the vector covers, with figures of each.")
        @Size(max = 256)
        @Nullable
        List<CategoryReadiness> categories,

        @JsonPropertyDescription(
                "How far the loss on benign samples rises with the vector on, in nats per answer token.")
        @Nullable
        String benignIncrease,

        @JsonPropertyDescription("Share of the loss that a random vector of the same norm explains: the control.")
        @Nullable
        String randomExplained,

        @JsonPropertyDescription(
                "Calibrated thresholds of single tokens; absent where an earlier release assessed the vector.")
        @Nullable
        TokenGateStatus tokenGate) {}
