package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the model is kept safe while it learns, and what it is held to afterwards. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.protection == 'SecurityVector' || !has(self.vectorRef)",
        message = "vectorRef may only be given with protection SecurityVector; leave it out with protection None",
        fieldPath = ".vectorRef")
@ValidationRule(
        value = "self.protection == 'SecurityVector' || !has(self.vectorRefs)",
        message = "vectorRefs may only be given with protection SecurityVector; leave them out with protection None",
        fieldPath = ".vectorRefs")
@ValidationRule(
        value = "!has(self.vectorRef) || !has(self.vectorRefs)",
        message = "vectorRef and vectorRefs may not be given together; list all vectors in vectorRefs",
        fieldPath = ".vectorRefs")
@ValidationRule(
        value = "!has(self.vectorRefs) || self.vectorRefs.all(a, self.vectorRefs.exists_one(b, a == b))",
        message = "vectorRefs may name each SecurityVector once",
        fieldPath = ".vectorRefs")
@ValidationRule(
        value =
                "!has(self.vectorScope) || self.vectorScope == 'AllSamples' || (self.protection == 'SecurityVector' && self.gate.mode != 'Disabled')",
        message =
                "vectorScope DoubtfulSamples needs protection SecurityVector and a gate: set gate.mode to Calibrated, or vectorScope to AllSamples",
        fieldPath = ".vectorScope")
@ValidationRule(
        value = "!has(self.repair) || self.repair == 'Disabled' || self.protection == 'SecurityVector'",
        message =
                "a repair trains on answers that lie beside a vector: set protection to SecurityVector, or repair to Disabled",
        fieldPath = ".repair")
@ValidationRule(
        value =
                "!has(self.repair) || self.repair == 'Disabled' || !has(self.vectorRefs) || self.vectorRefs.size() == 1",
        message = "a repair asks the suite of one vector in two halves: name one vector, or set repair to Disabled",
        fieldPath = ".repair")
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
                "The security vectors to train with, where it is more than one: all are on together and off together. They must be of one base model. Each flags samples by its own thresholds, and the model is held to the suite of each. Given instead of vectorRef.")
        @Size(min = 1, max = 4)
        @Nullable
        List<VectorRef> vectorRefs,

        @JsonPropertyDescription(
                "Which samples the vector already explains, so that they are left out of the optimizer's steps.")
        @Default("{}")
        GateSpec gate,

        @JsonPropertyDescription(
                "AllSamples: the vector is on for all samples that the gate lets through. DoubtfulSamples: only for those between clearly harmless and flagged, with the base model's own refusals mixed in; this rests on the screening alone.")
        @Default("AllSamples")
        VectorScope vectorScope,

        @JsonPropertyDescription(
                "Holds the model's hidden states at a few requests to the base model's own while it learns.")
        @Default("{}")
        AnchorSpec anchor,

        @JsonPropertyDescription(
                "A few steps with the vector off after training, which bring back what the vector covered.")
        @Default("{}")
        CooldownSpec cooldown,

        @JsonPropertyDescription("What happens to samples that are probably harmful.") @Default("{}")
        ScreeningSpec screening,

        @JsonPropertyDescription("What the fine-tuned model is held to before it is published.") @Default("{}")
        EvaluationSpec evaluation,

        @JsonPropertyDescription(
                "Once: a model that fails its evaluation on harm or lost refusals alone is trained for 30 steps on the base model's own answers, and judged once more on requests that were not asked before; that verdict stands. Each judgement asks one half of the prompts, so it needs two times 189 of them. Disabled: the first verdict stands.")
        @Default("Disabled")
        RepairMode repair) {
    static final SafetySpec DEFAULT = new SafetySpec(
            Protection.SECURITY_VECTOR,
            null,
            null,
            GateSpec.DEFAULT,
            VectorScope.ALL_SAMPLES,
            AnchorSpec.DEFAULT,
            CooldownSpec.DEFAULT,
            ScreeningSpec.DEFAULT,
            EvaluationSpec.DEFAULT,
            RepairMode.DISABLED);

    public SafetySpec {
        protection = Given.or(protection, Protection.SECURITY_VECTOR);
        gate = Given.or(gate, GateSpec.DEFAULT);
        vectorScope = Given.or(vectorScope, VectorScope.ALL_SAMPLES);
        anchor = Given.or(anchor, AnchorSpec.DEFAULT);
        cooldown = Given.or(cooldown, CooldownSpec.DEFAULT);
        screening = Given.or(screening, ScreeningSpec.DEFAULT);
        evaluation = Given.or(evaluation, EvaluationSpec.DEFAULT);
        repair = Given.or(repair, RepairMode.DISABLED);
    }
}
