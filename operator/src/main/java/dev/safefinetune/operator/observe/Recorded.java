package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.StageStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands on a resource's status, whatever the resource's kind.
 *
 * @param generation of the spec that the status is about
 * @param run the run, where one was written down
 * @param stages its stages
 * @param conditions of the resource
 */
public record Recorded(
        long generation, @Nullable RunStatus run, List<StageStatus> stages, List<ConditionStatus> conditions) {
    /** A resource whose status was never written. */
    public static final Recorded NOTHING = new Recorded(-1, null, List.of(), List.of());

    public Recorded {
        stages = List.copyOf(stages);
        conditions = List.copyOf(conditions);
    }

    /** What stands on the resource. */
    public static Recorded of(HasMetadata resource) {
        return switch (resource) {
            case SafeFineTune fineTune -> {
                var status = fineTune.getStatus();
                yield status == null
                        ? NOTHING
                        : new Recorded(
                                status.observedGeneration(),
                                status.run(),
                                orNone(status.stages()),
                                orNone(status.conditions()));
            }
            case SecurityVector vector -> {
                var status = vector.getStatus();
                yield status == null
                        ? NOTHING
                        : new Recorded(
                                status.observedGeneration(),
                                status.run(),
                                orNone(status.stages()),
                                orNone(status.conditions()));
            }
            default -> throw new IllegalArgumentException("no runs of kind " + resource.getKind());
        };
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    /** The same, if it is about this run; otherwise nothing. */
    public Recorded ofRun(String id) {
        return run != null && run.id().equals(id) ? this : NOTHING;
    }
}
