package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How the model is kept safe while it learns, and what it is held to afterwards. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.protection == 'SecurityVector' || !has(self.vectorRef)",
        message = "vectorRef may only be given with protection SecurityVector; leave it out with protection None",
        fieldPath = ".vectorRef")
public record SafetySpec(
        @JsonPropertyDescription(
                "SecurityVector: train with a security vector attached. None: train without one; the evaluation is held all the same, and a policy may forbid it.")
        @Default("SecurityVector")
        Protection protection,

        @JsonPropertyDescription(
                "The security vector to train with; left out: the ready SecurityVector of this namespace whose baseModel.uri equals this resource's model.uri.")
        @Nullable
        VectorRef vectorRef,

        @JsonPropertyDescription(
                "Which samples the vector already explains, so that they are left out of the optimizer's steps.")
        @Default("{}")
        GateSpec gate,

        @JsonPropertyDescription(
                "A few steps with the vector off on trusted data after training, which restore usefulness; left out: none.")
        @Nullable
        CooldownSpec cooldown,

        @JsonPropertyDescription("What happens to samples that are probably harmful.") @Default("{}")
        ScreeningSpec screening,

        @JsonPropertyDescription("What the fine-tuned model is held to before it is published.") @Default("{}")
        EvaluationSpec evaluation) {
    static final SafetySpec DEFAULT = new SafetySpec(
            Protection.SECURITY_VECTOR, null, GateSpec.DEFAULT, null, ScreeningSpec.DEFAULT, EvaluationSpec.DEFAULT);

    public SafetySpec {
        protection = Given.or(protection, Protection.SECURITY_VECTOR);
        gate = Given.or(gate, GateSpec.DEFAULT);
        screening = Given.or(screening, ScreeningSpec.DEFAULT);
        evaluation = Given.or(evaluation, EvaluationSpec.DEFAULT);
    }
}
