package dev.safefinetune.operator.measure;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.RunClockStatus;
import dev.safefinetune.api.v1alpha1.RunSpec;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.operator.observe.Recorded;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
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
 * @param gpus that the stages which train and evaluate hold; 0 before training has begun
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
            case SafeFineTune fineTune -> {
                var status = fineTune.getStatus();
                var safety = status == null ? null : status.safety();
                var evaluation = safety == null ? null : safety.evaluation();
                yield of(
                        fineTune,
                        status == null ? null : status.phase(),
                        evaluation == null ? null : evaluation.verdict());
            }
            case SecurityVector vector -> {
                var status = vector.getStatus();
                var readiness = status == null ? null : status.readiness();
                yield of(
                        vector, status == null ? null : status.phase(), readiness == null ? null : readiness.verdict());
            }
            default -> throw new IllegalArgumentException("no runs of kind " + resource.getKind());
        };
    }

    private static RunView of(
            CustomResource<? extends RunSpec, ?> resource, @Nullable Object phase, @Nullable SafetyVerdict verdict) {
        Recorded recorded = Recorded.of(resource);
        RunStatus run = recorded.run();
        return new RunView(
                resource.getKind(),
                run == null ? null : run.id(),
                phase == null ? "" : text(phase),
                recorded.conditions().stream()
                        .filter(c -> c.type().equals(ConditionType.READY.text()))
                        .map(ConditionStatus::reason)
                        .findFirst()
                        .orElse(""),
                recorded.stages(),
                run == null ? null : run.clock(),
                verdict,
                run == null || run.training() == null ? 0 : run.training().gpus());
    }

    /** A choice as it stands in the resource. */
    static String text(Object choice) {
        return Serialization.jsonMapper().convertValue(choice, String.class);
    }

    boolean isEnded() {
        return ENDED.contains(phase);
    }
}
