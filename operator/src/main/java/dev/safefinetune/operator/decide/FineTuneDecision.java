package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.EvaluationStatus;
import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.Protection;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.api.v1alpha1.VectorRef;
import dev.safefinetune.checks.Check;
import dev.safefinetune.checks.FineTuneWish;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.checks.NamedPlaces;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.Refusal;
import dev.safefinetune.checks.SpecChecks;
import dev.safefinetune.checks.TotalEpochs;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.operator.observe.FineTuneObservation;
import dev.safefinetune.operator.plan.FineTuneTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what happens next to a SafeFineTune. */
public final class FineTuneDecision {
    private final FineTuneObservation seen;
    private final DecideSettings settings;
    private final SafeFineTuneSpec spec;
    private final StageWalk walk;
    private final Gpus gpus;
    private final PolicyQuestions questions;
    private final AttemptTerms attempts;
    private final SuiteTerms suites;

    private FineTuneDecision(FineTuneObservation seen, DecideSettings settings) {
        this.seen = seen;
        this.settings = settings;
        this.spec = seen.resource().getSpec();
        this.walk = new StageWalk(seen.run(), Stage.FINE_TUNE);
        this.gpus = settings.gpusOf(spec, seen.run());
        this.questions = new PolicyQuestions(seen, new FineTuneWish(spec, gpus), statusOfThisRun());
        this.attempts = new AttemptTerms(seen, questions.policies());
        this.suites = new SuiteTerms(questions.policies().platformSuites(), settings.servesSuites());
    }

    /** The decision for what was observed. */
    public static Decided decide(FineTuneObservation seen, DecideSettings settings) {
        return new FineTuneDecision(seen, settings).decide();
    }

    /** What was written down of this run; what an earlier run left there does not count. */
    private @Nullable SafeFineTuneStatus statusOfThisRun() {
        SafeFineTuneStatus status = seen.resource().getStatus();
        return status != null
                        && status.run() != null
                        && status.run().id().equals(seen.run().identity().id())
                ? status
                : null;
    }

    private Decided decide() {
        RunCourse course = new RunCourse(seen.run(), Stage.FINE_TUNE, spec.suspend(), spec.runPolicy());
        SafeFineTuneStatus status = statusOfThisRun();
        if (status != null && (status.phase() == FineTunePhase.SUCCEEDED || status.phase() == FineTunePhase.FAILED)) {
            return course.settled();
        }
        Stage latest = seen.run().latest(Stage.FINE_TUNE);
        Admission admission = admission();
        Decision step =
                course.lost().orElseGet(() -> latest == null ? admission.decision() : walk.from(latest, this::after));
        Accepted accepted = admission.accepted();
        return course.steer(step, walk.outcomes(), accepted == null ? null : accepted.under(questions.held()));
    }

    /** Whether a run may start, and with what; nothing is accepted where a policy, or less, refuses. */
    private record Admission(Decision decision, @Nullable Accepted accepted) {}

    /** Within the policies, and yet not to be started. */
    private Admission notYet(Decision decision) {
        return new Admission(decision, new Accepted(policies().names(), List.of(), null, null, null));
    }

    private Admission admission() {
        Optional<Decision> refusal = StageNames.refusal(seen.run().identity(), Stage.FINE_TUNE)
                .or(() -> refusalOfWish().map(Decision.Refuse::because));
        if (refusal.isPresent()) {
            return new Admission(refusal.get(), null);
        }
        Optional<Decision> cannot = gpuTerms().refusal().or(suites::refusal);
        if (cannot.isPresent()) {
            return notYet(cannot.get());
        }
        if (spec.safety().protection() == Protection.NONE) {
            return begin(null);
        }
        return switch (VectorChoice.among(seen.vectors(), seen.outOfSight(), seen.resource())) {
            case VectorChoice.Chosen chosen -> {
                Optional<Refusal> notAllowed = questions.ofVectors(SeveralVectors.inUse(chosen));
                yield notAllowed.isPresent()
                        ? new Admission(Decision.Refuse.because(notAllowed.get()), null)
                        : begin(chosen);
            }
            case VectorChoice.Refused(var reason, var message) -> notYet(new Decision.Refuse(reason, message));
            case VectorChoice.NotYet(var reason, var message, var hope) ->
                notYet(new Decision.Wait(
                        reason,
                        message,
                        hope == VectorChoice.Hope.NONE || hope == VectorChoice.Hope.PERHAPS && !patient(),
                        settings.patience()));
        };
    }

    private Admission begin(VectorChoice.@Nullable Chosen chosen) {
        SuiteSpec suite = SuiteTerms.own(spec.safety().evaluation(), SeveralVectors.suite(chosen));
        if (suite == null && suites.asked().isEmpty()) {
            return notYet(new Decision.Refuse(
                    Reason.EVALUATION_MISSING,
                    "neither spec.safety.evaluation.prompts nor spec.evaluation of the SecurityVector names the"
                            + " requests to evaluate with"));
        }
        Optional<Decision> missing =
                Claims.missing(NamedPlaces.of(spec), seen.claims(), patient()).or(this::taken);
        if (missing.isPresent()) {
            return notYet(missing.get());
        }
        VectorInput vector =
                SeveralVectors.withSuites(chosen, spec.safety().evaluation().prompts() != null);
        Decision decision;
        try {
            decision = new Decision.Begin(tasks().prepare(
                            suite, vector, policies().thresholds(spec.safety().evaluation())));
        } catch (IllegalArgumentException e) {
            return notYet(new Decision.Refuse(Reason.SPEC_INVALID, String.valueOf(e.getMessage())));
        }
        return new Admission(
                decision,
                new Accepted(
                        policies().names(), List.of(), reference(chosen), vector, SeveralVectors.resolved(chosen)));
    }

    private Optional<Decision> taken() {
        Instant made = Instant.parse(seen.resource().getMetadata().getCreationTimestamp());
        return OutputClaim.of(seen.run(), spec.output().uri(), made, seen.others())
                .taken("spec.output.uri");
    }

    private static @Nullable VectorRef reference(VectorChoice.@Nullable Chosen chosen) {
        if (chosen == null) {
            return null;
        }
        var metadata = chosen.resource().getMetadata();
        return new VectorRef(metadata.getName(), metadata.getNamespace());
    }

    private boolean patient() {
        Instant made = Instant.parse(seen.resource().getMetadata().getCreationTimestamp());
        return Duration.between(made, seen.run().now()).compareTo(settings.patience()) < 0;
    }

    private FineTuneTasks tasks() {
        return new FineTuneTasks(spec, gpus.areCuda(), suites.asked());
    }

    private GpuTerms gpuTerms() {
        return new GpuTerms(gpus, settings.cudaImage());
    }

    /** What a policy forbids is told first: whoever mends the rest has still to ask for something else. */
    private Optional<Refusal> refusalOfWish() {
        return questions.ofWish().or(this::refusalOfSpec);
    }

    private Optional<Refusal> refusalOfSpec() {
        return Check.first(SpecChecks.FINE_TUNE, new FineTuneWish(spec, gpus));
    }

    private Policies policies() {
        return questions.policies();
    }

    /** All checks are asked before each stage: policies, and what they hold for, may have changed since the run began. */
    private Decision after(Stage stage, StageOutcome.Done done, StageTask task) {
        Decision next = successor(stage, done, task);
        // Suspended, it is asked once it is to go on.
        return next instanceof Decision.Begin begin && !spec.suspend()
                ? refusal(begin, done, task)
                        .<Decision>map(
                                refused -> new Decision.Fail(begin.task().stage(), refused.reason(), refused.message()))
                        .orElseGet(() -> gpuTerms().before(begin))
                : next;
    }

    private Optional<Refusal> refusal(Decision.Begin begin, StageOutcome.Done done, StageTask task) {
        TotalEpochs planned = begin.task() instanceof StageTask.Train train
                        && task instanceof StageTask.Prepare prepare
                        && done.figures() instanceof StageFigures.Data data
                ? TotalEpochs.of(train, prepare, data)
                : null;
        return questions
                .before(begin.task(), done, task, planned, attempts.number(begin.task()))
                .or(() -> suites.refusal(begin.task(), task))
                .or(this::refusalOfSpec)
                .or(() -> attempts.tooFewFor(
                        begin.task(), spec.safety().evaluation(), PolicyQuestions.prompts(done, task)))
                .or(() -> planned == null ? Optional.empty() : planned.refusalOfCooldown());
    }

    private Decision successor(Stage stage, StageOutcome.Done done, StageTask task) {
        FineTuneTasks tasks = tasks();
        Inputs outputs = done.result().outputs();
        return switch (task) {
            case StageTask.Prepare prepare -> train(tasks, outputs, prepare.vector());
            case StageTask.Train train ->
                new Decision.Begin(tasks.evaluate(
                        train.inputs().plus(outputs),
                        attempts.thresholds(spec.safety().evaluation(), train.inputs()),
                        seen.run().identity().id(),
                        train.vector()));
            case StageTask.Evaluate evaluate ->
                judged(
                        (StageFigures.Evaluation) done.figures(),
                        tasks,
                        evaluate.inputs().plus(outputs),
                        evaluate.refusal());
            case StageTask.Publish publish -> published((StageFigures.Publication) done.figures(), publish);
            default -> throw new IllegalStateException(stage + " is no stage of a SafeFineTune");
        };
    }

    private static Decision train(FineTuneTasks tasks, Inputs prepared, @Nullable VectorInput vector) {
        Digest model = prepared.digests().get(Inputs.MODEL);
        // The trainer has checked this as well; nobody holds a GPU on the word of one check.
        if (vector != null && !vector.baseDigest().equals(model)) {
            return new Decision.Fail(
                    Stage.PREPARE,
                    Reason.VECTOR_FOR_ANOTHER_BASE,
                    "the vector was trained on the model " + vector.baseDigest() + ", the run's model is " + model);
        }
        return new Decision.Begin(tasks.train(prepared, vector));
    }

    private Decision judged(
            StageFigures.Evaluation figures, FineTuneTasks tasks, Inputs inputs, @Nullable Target refusal) {
        if (figures.verdict() == Verdict.PASSED && (figures.beforeRepair() != null) != inputs.isRepaired()) {
            return new Decision.Fail(
                    Stage.EVALUATE,
                    Reason.RESULT_CONTRADICTORY,
                    "a repair and the digest of a repaired model have to be told together or not at all");
        }
        if (figures.verdict() == Verdict.PASSED) {
            return taken().orElseGet(() -> new Decision.Begin(tasks.publish(inputs)));
        }
        String place = refusal != null && inputs.digests().containsKey(Inputs.REFUSAL)
                ? " The report lies at " + refusal.uri() + "."
                : "";
        return new Decision.Fail(
                Stage.EVALUATE, Reason.SAFETY_GATE_REFUSED, Findings.sentence(figures.findings()) + place);
    }

    /** A publication without a passed evaluation behind it does not count, whatever its Job says. */
    private Decision published(StageFigures.Publication publication, StageTask.Publish task) {
        SafeFineTuneStatus status = statusOfThisRun();
        EvaluationStatus recorded = status == null || status.safety() == null
                ? null
                : status.safety().evaluation();
        boolean passed = recorded != null && recorded.verdict() == SafetyVerdict.PASSED
                || walk.outcomes().get(Stage.EVALUATE) instanceof StageOutcome.Done done
                        && done.figures() instanceof StageFigures.Evaluation figures
                        && figures.verdict() == Verdict.PASSED;
        if (!passed) {
            return new Decision.Fail(
                    Stage.PUBLISH, Reason.NOT_VERIFIED, "no passed evaluation stands behind this publication");
        }
        return PublishedBytes.refusal(
                        Stage.PUBLISH,
                        publication,
                        task.judgedArtifact(),
                        task.inputs(),
                        seen.run().recorded().stages())
                .orElseGet(() -> new Decision.Succeed(publication, task.inputs()));
    }
}
