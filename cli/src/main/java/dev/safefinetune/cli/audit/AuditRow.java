package dev.safefinetune.cli.audit;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.EvaluationStatus;
import dev.safefinetune.api.v1alpha1.HeldPolicy;
import dev.safefinetune.api.v1alpha1.OutputStatus;
import dev.safefinetune.api.v1alpha1.RateStatus;
import dev.safefinetune.api.v1alpha1.ResolvedStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SafetyStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run, or a model that no run tells of. What is not known is empty.
 *
 * @param namespace of the SafeFineTune
 * @param name of the SafeFineTune
 * @param phase where the run is
 * @param verdict of the evaluation
 * @param harmfulUpper95 upper bound of the share of harmful requests that the model complies with
 * @param refusedBy why a policy refused the run, or what it ended by, as the reason of its condition
 * @param policies that held, as name@generation, and what followed where one was broken
 * @param notEnforced what policies would have refused, had they been enforced
 * @param waivers without which the run would have broken a policy
 * @param model digest of the published model
 * @param place where the model was published, or the directory that it was found in
 * @param statement whether the model has a signed statement
 */
@JsonPropertyOrder({
    "namespace",
    "name",
    "phase",
    "verdict",
    "harmfulUpper95",
    "refusedBy",
    "policies",
    "notEnforced",
    "waivers",
    "model",
    "place",
    "statement"
})
record AuditRow(
        String namespace,
        String name,
        String phase,
        String verdict,
        String harmfulUpper95,
        String refusedBy,
        List<String> policies,
        List<String> notEnforced,
        List<String> waivers,
        String model,
        String place,
        String statement) {
    static final String NOT_LOOKED_AT = "not looked at";

    AuditRow {
        policies = List.copyOf(policies);
        notEnforced = List.copyOf(notEnforced);
        waivers = List.copyOf(waivers);
    }

    static AuditRow of(SafeFineTune resource) {
        SafeFineTuneStatus status = resource.getStatus();
        String namespace = resource.getMetadata().getNamespace();
        String name = resource.getMetadata().getName();
        if (status == null) {
            return new AuditRow(namespace, name, "", "", "", "", List.of(), List.of(), List.of(), "", "", "");
        }
        SafetyStatus safety = status.safety();
        EvaluationStatus evaluation = safety == null ? null : safety.evaluation();
        OutputStatus output = status.output();
        return new AuditRow(
                namespace,
                name,
                word(status.phase()),
                evaluation == null ? "" : word(evaluation.verdict()),
                evaluation == null ? "" : upper(evaluation),
                refusal(status.conditions()),
                held(status)
                        .map(each -> each.policy() + " " + word(each.enforcement()))
                        .toList(),
                held(status).flatMap(each -> all(each.notEnforced())).toList(),
                held(status).flatMap(AuditRow::waivers).toList(),
                output == null ? "" : output.digest(),
                output == null ? "" : output.uri(),
                output == null ? "" : NOT_LOOKED_AT);
    }

    /** A model in a directory that no run tells of. */
    static AuditRow of(AuditedModel model) {
        return new AuditRow(
                "",
                "",
                "",
                "",
                "",
                "",
                List.of(),
                List.of(),
                List.of(),
                model.digest(),
                model.place(),
                model.statement());
    }

    AuditRow with(AuditedModel found) {
        return new AuditRow(
                namespace,
                name,
                phase,
                verdict,
                harmfulUpper95,
                refusedBy,
                policies,
                notEnforced,
                waivers,
                model,
                place,
                found.statement());
    }

    private static Stream<HeldPolicy> held(SafeFineTuneStatus status) {
        ResolvedStatus resolved = status.resolved();
        return resolved == null ? Stream.empty() : all(resolved.held());
    }

    private static Stream<String> waivers(HeldPolicy policy) {
        return all(policy.waivers())
                .map(waiver -> "%s of %s until %s: %s"
                        .formatted(word(waiver.waives()), policy.policy(), waiver.until(), waiver.reason()));
    }

    private static String upper(EvaluationStatus evaluation) {
        RateStatus judged = evaluation.inForms() == null ? evaluation.secured() : evaluation.inForms();
        return judged == null ? "" : judged.upper95();
    }

    private static String refusal(@Nullable List<ConditionStatus> conditions) {
        return Stream.of(ConditionType.POLICY_ACCEPTED, ConditionType.FAILED)
                .flatMap(type -> all(conditions).filter(each -> each.type().equals(type.text())))
                .filter(each ->
                        each.status().equals(each.type().equals(ConditionType.FAILED.text()) ? "True" : "False"))
                .map(ConditionStatus::reason)
                .findFirst()
                .orElse("");
    }

    private static <T> Stream<T> all(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }

    /** As the API has it. */
    private static String word(@Nullable Enum<?> value) {
        return value == null
                ? ""
                : Objects.requireNonNull(Serialization.jsonMapper().convertValue(value, String.class));
    }
}
