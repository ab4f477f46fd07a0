package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.ReadinessStatus;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.checks.Check;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.checks.NamedPlaces;
import dev.safefinetune.checks.SpecChecks;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.observe.VectorObservation;
import dev.safefinetune.operator.plan.VectorTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what happens next to a SecurityVector. */
public final class VectorDecision {
    private final VectorObservation seen;
    private final DecideSettings settings;
    private final SecurityVectorSpec spec;
    private final StageWalk walk;
    private final Gpus gpus;

    private VectorDecision(VectorObservation seen, DecideSettings settings) {
        this.seen = seen;
        this.settings = settings;
        this.spec = seen.resource().getSpec();
        this.walk = new StageWalk(seen.run(), Stage.VECTOR);
        this.gpus = settings.gpusOf(spec, seen.run());
    }

    /** The decision for what was observed. */
    public static Decided decide(VectorObservation seen, DecideSettings settings) {
        return new VectorDecision(seen, settings).decide();
    }

    /** What was written down of this run; what an earlier run left there does not count. */
    private @Nullable SecurityVectorStatus statusOfThisRun() {
        SecurityVectorStatus status = seen.resource().getStatus();
        return status != null
                        && status.run() != null
                        && status.run().id().equals(seen.run().identity().id())
                ? status
                : null;
    }

    private Decided decide() {
        RunCourse course = new RunCourse(seen.run(), Stage.VECTOR, spec.suspend(), spec.runPolicy());
        SecurityVectorStatus status = statusOfThisRun();
        if (status != null && (status.phase() == VectorPhase.READY || status.phase() == VectorPhase.FAILED)) {
            return course.settled();
        }
        Stage latest = seen.run().latest(Stage.VECTOR);
        Decision step = course.lost().orElseGet(() -> latest == null ? admission() : walk.from(latest, this::after));
        return course.steer(step, walk.outcomes(), null);
    }

    private Decision admission() {
        Instant made = Instant.parse(seen.resource().getMetadata().getCreationTimestamp());
        boolean patient = Duration.between(made, seen.run().now()).compareTo(settings.patience()) < 0;
        return StageNames.refusal(seen.run().identity(), Stage.VECTOR)
                .or(() -> Check.first(SpecChecks.VECTOR, spec).map(Decision.Refuse::because))
                .or(() -> gpuTerms().refusal())
                .or(() -> Claims.missing(NamedPlaces.of(spec), seen.claims(), patient))
                .or(this::taken)
                .orElseGet(this::begin);
    }

    private Optional<Decision> taken() {
        Instant made = Instant.parse(seen.resource().getMetadata().getCreationTimestamp());
        return OutputClaim.of(seen.run(), spec.storage().uri(), made, seen.others())
                .taken("spec.storage.uri");
    }

    private Decision begin() {
        try {
            return new Decision.Begin(tasks().prepare());
        } catch (IllegalArgumentException e) {
            return new Decision.Refuse(Reason.SPEC_INVALID, String.valueOf(e.getMessage()));
        }
    }

    private VectorTasks tasks() {
        return new VectorTasks(spec, gpus.areCuda());
    }

    private GpuTerms gpuTerms() {
        return new GpuTerms(gpus, settings.cudaImage());
    }

    private Decision after(Stage stage, StageOutcome.Done done, StageTask task) {
        Decision next = successor(stage, done, task);
        // Suspended, it is asked once it is to go on.
        return next instanceof Decision.Begin begin && !spec.suspend()
                ? gpuTerms().before(begin)
                : next;
    }

    private Decision successor(Stage stage, StageOutcome.Done done, StageTask task) {
        VectorTasks tasks = tasks();
        Inputs outputs = done.result().outputs();
        return switch (task) {
            case StageTask.PrepareVector ignored -> new Decision.Begin(tasks.train(outputs));
            case StageTask.TrainVector train ->
                new Decision.Begin(tasks.assess(train.inputs().plus(outputs)));
            case StageTask.Assess assess ->
                judged(
                        (StageFigures.Readiness) done.figures(),
                        tasks,
                        assess.inputs().plus(outputs));
            case StageTask.Store store ->
                stored(new Decision.Succeed((StageFigures.Publication) done.figures(), store.inputs()));
            default -> throw new IllegalStateException(stage + " is no stage of a SecurityVector");
        };
    }

    private Decision judged(StageFigures.Readiness figures, VectorTasks tasks, Inputs inputs) {
        if (figures.verdict() == Verdict.PASSED && figures.replay() == null) {
            return new Decision.Fail(
                    Stage.ASSESS,
                    Reason.VECTOR_REFUSED,
                    "an earlier release assessed the vector, without the base model's own answers that a cooldown needs;"
                            + " change the spec or make the resource anew");
        }
        if (figures.verdict() == Verdict.PASSED) {
            return taken().orElseGet(() -> new Decision.Begin(tasks.store(inputs)));
        }
        return new Decision.Fail(Stage.ASSESS, Reason.VECTOR_REFUSED, Findings.sentence(figures.findings()));
    }

    /** A vector without a passed assessment behind it does not count, whatever its Job says. */
    private Decision stored(Decision.Succeed success) {
        SecurityVectorStatus status = statusOfThisRun();
        ReadinessStatus recorded = status == null ? null : status.readiness();
        boolean passed = recorded != null && recorded.verdict() == SafetyVerdict.PASSED
                || walk.outcomes().get(Stage.ASSESS) instanceof StageOutcome.Done done
                        && done.figures() instanceof StageFigures.Readiness figures
                        && figures.verdict() == Verdict.PASSED;
        if (!passed) {
            return new Decision.Fail(
                    Stage.STORE, Reason.NOT_VERIFIED, "no passed assessment stands behind this vector");
        }
        boolean known = success.inputs().digests().keySet().containsAll(Set.of(Inputs.VECTOR, Inputs.MODEL));
        if (!known) {
            return new Decision.Fail(
                    Stage.STORE,
                    Reason.RESULT_UNREADABLE,
                    "no stage has stated the digests of the vector and of its base model");
        }
        return PublishedBytes.refusal(
                        Stage.STORE,
                        success.publication(),
                        Inputs.VECTOR,
                        success.inputs(),
                        seen.run().recorded().stages())
                .orElse(success);
    }
}
