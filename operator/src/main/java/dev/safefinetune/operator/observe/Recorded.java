package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
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

    /** Digest of the work that was planned for a stage, as it was written down; absent before. */
    public @Nullable String planned(Stage stage) {
        return of(stage).map(StageStatus::planned).orElse(null);
    }

    /**
     * Whether a Job is the stage's. One of a release that wrote no plan down is so if the resource names it.
     *
     * @param digest of the work that it does
     */
    public boolean isOurs(Stage stage, String job, String digest) {
        String planned = planned(stage);
        return planned == null
                ? of(stage).map(StageStatus::job).filter(job::equals).isPresent()
                : planned.equals(digest);
    }

    private Optional<StageStatus> of(Stage stage) {
        return stages.stream().filter(old -> old.name().equals(stage.text())).findFirst();
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    /** The same, if it is about this run; otherwise nothing. */
    public Recorded ofRun(String id) {
        return run != null && run.id().equals(id) ? this : NOTHING;
    }
}
