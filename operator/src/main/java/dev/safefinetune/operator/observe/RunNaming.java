package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.operator.plan.Fingerprint;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which run a resource's spec asks for.
 *
 * <p>The run that was written down, as long as the spec is the one it was written down for or differs from it in nothing
 * that makes another run. Other resources make another one only once the run has failed. Otherwise a new one, named after
 * the spec's generation: a run is written down before anything of it is made. A wish that comes back after another one was
 * seen is a new run.
 *
 * <p>Statuses of releases that knew no digest of the wish count by their generation alone.
 */
public final class RunNaming {
    private RunNaming() {}

    /** The run, by what stands on the resource. */
    public static RunIdentity identity(HasMetadata resource) {
        var metadata = resource.getMetadata();
        return new RunIdentity(
                metadata.getNamespace(), resource.getKind(), metadata.getName(), metadata.getUid(), id(resource));
    }

    private static String id(HasMetadata resource) {
        Recorded recorded = Recorded.of(resource);
        RunStatus run = recorded.run();
        String wish = Fingerprint.ofWish(resource).value();
        long generation = resource.getMetadata().getGeneration();
        if (run != null
                && (recorded.generation() == generation
                        || wish.equals(run.specHash()) && !isToTryWithOther(recorded, run, resource))) {
            return run.id();
        }
        return Names.runId(resource.getMetadata().getName(), generation);
    }

    /** A run that has failed, such as for want of memory, is not given up by another one, and nothing of it is lost. */
    private static boolean isToTryWithOther(Recorded recorded, RunStatus run, HasMetadata resource) {
        String before = run.specParts() == null ? null : run.specParts().get(Fingerprint.RESOURCES);
        return before != null
                && !before.equals(Fingerprint.ofParts(resource).get(Fingerprint.RESOURCES))
                && recorded.conditions().stream()
                        .anyMatch(condition -> condition.type().equals(ConditionType.FAILED.text())
                                && condition.status().equals("True"));
    }

    static String runOf(Job job) {
        Map<String, String> labels = job.getMetadata().getLabels();
        String run = labels == null ? null : labels.get(Names.RUN_LABEL);
        return run == null ? "" : run;
    }

    static @Nullable String annotation(Job job, String name) {
        Map<String, String> annotations = job.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }
}
