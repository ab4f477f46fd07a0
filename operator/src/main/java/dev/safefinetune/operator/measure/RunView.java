package dev.safefinetune.operator.measure;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.ResourcesSpec;
import dev.safefinetune.api.v1alpha1.RunClockStatus;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.StageStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What figures are made of, of either kind.
 *
 * @param kind of the resource
 * @param run its run's name; absent: none has begun
 * @param phase as it is printed; empty: there is no status yet
 * @param reason of its Ready condition
 * @param stages of the run
 * @param clock how the run has spent its time
 * @param verdict on the run's safety
 * @param gpus that a stage at a GPU holds
 */
record RunView(
        String kind,
        @Nullable String run,
        String phase,
        String reason,
        List<StageStatus> stages,
        @Nullable RunClockStatus clock,
        @Nullable SafetyVerdict verdict,
        int gpus) {
    private static final Set<String> ENDED = Set.of("Succeeded", "Ready", "Failed", "Rejected");

    static RunView of(HasMetadata resource) {
        return switch (resource) {
            case SafeFineTune fineTune -> of(fineTune);
            case SecurityVector vector -> of(vector);
            default -> throw new IllegalArgumentException("no runs of kind " + resource.getKind());
        };
    }

    private static RunView of(SafeFineTune resource) {
        SafeFineTuneStatus status = resource.getStatus();
        int gpus = gpus(resource.getSpec().resources());
        if (status == null) {
            return new RunView(resource.getKind(), null, "", "", List.of(), null, null, gpus);
        }
        var evaluation = status.safety() == null ? null : status.safety().evaluation();
        return of(
                resource.getKind(),
                status.run(),
                status.phase(),
                status.conditions(),
                status.stages(),
                evaluation == null ? null : evaluation.verdict(),
                gpus);
    }

    private static RunView of(SecurityVector resource) {
        SecurityVectorStatus status = resource.getStatus();
        int gpus = gpus(resource.getSpec().resources());
        if (status == null) {
            return new RunView(resource.getKind(), null, "", "", List.of(), null, null, gpus);
        }
        return of(
                resource.getKind(),
                status.run(),
                status.phase(),
                status.conditions(),
                status.stages(),
                status.readiness() == null ? null : status.readiness().verdict(),
                gpus);
    }

    private static RunView of(
            String kind,
            @Nullable RunStatus run,
            @Nullable Object phase,
            @Nullable List<ConditionStatus> conditions,
            @Nullable List<StageStatus> stages,
            @Nullable SafetyVerdict verdict,
            int gpus) {
        return new RunView(
                kind,
                run == null ? null : run.id(),
                phase == null ? "" : text(phase),
                conditions == null
                        ? ""
                        : conditions.stream()
                                .filter(c -> c.type().equals(ConditionType.READY.text()))
                                .map(ConditionStatus::reason)
                                .findFirst()
                                .orElse(""),
                stages == null ? List.of() : stages,
                run == null ? null : run.clock(),
                verdict,
                gpus);
    }

    private static int gpus(@Nullable ResourcesSpec resources) {
        return resources == null || resources.gpus() == null ? 0 : resources.gpus();
    }

    /** A choice as it stands in the resource. */
    static String text(Object choice) {
        return Serialization.jsonMapper().convertValue(choice, String.class);
    }

    boolean isEnded() {
        return ENDED.contains(phase);
    }
}
