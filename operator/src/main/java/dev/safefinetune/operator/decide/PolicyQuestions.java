package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.HeldPolicy;
import dev.safefinetune.api.v1alpha1.ResolvedStatus;
import dev.safefinetune.api.v1alpha1.ResolvedVector;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.VectorRef;
import dev.safefinetune.checks.Evidence;
import dev.safefinetune.checks.FineTuneWish;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.PolicySubject;
import dev.safefinetune.checks.Refusal;
import dev.safefinetune.checks.Ruling;
import dev.safefinetune.checks.TotalEpochs;
import dev.safefinetune.checks.VectorInUse;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.observe.FineTuneObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the policies of a run's namespace are asked, at its admission and before each later stage. */
final class PolicyQuestions {
    private final Policies policies;
    private final Evidence wish;
    private final @Nullable SafeFineTuneStatus recorded;
    private final String namespace;
    private List<HeldPolicy> held = List.of();

    PolicyQuestions(FineTuneObservation seen, FineTuneWish wish, @Nullable SafeFineTuneStatus recorded) {
        var metadata = seen.resource().getMetadata();
        this.namespace = metadata.getNamespace();
        this.policies = Policies.of(
                seen.policies(),
                seen.namespaceLabels(),
                new PolicySubject(namespace, metadata.getName(), seen.run().now()));
        this.wish = Evidence.of(wish);
        this.recorded = recorded;
    }

    Policies policies() {
        return policies;
    }

    /** The policies as they answered last. */
    List<HeldPolicy> held() {
        return held;
    }

    /** Why the wish is refused, whatever comes of it. */
    Optional<Refusal> ofWish() {
        return ask(wish);
    }

    /** Why the vectors that were chosen are refused. */
    Optional<Refusal> ofVectors(List<VectorInUse> chosen) {
        return ask(wish.with(chosen));
    }

    /**
     * Why a run does not go on to a stage.
     *
     * @param next what would be begun
     * @param done what the stage before it states
     * @param task of the stage before it
     * @param planned the training, where it is what would be begun
     * @param attempt number of the run among its attempts; absent where it is not known or not counted
     */
    Optional<Refusal> before(
            StageTask next,
            StageOutcome.Done done,
            StageTask task,
            @Nullable TotalEpochs planned,
            @Nullable Integer attempt) {
        Evidence known = wish.with(vectors(task));
        EvaluationThresholds judged = task instanceof StageTask.Evaluate evaluate ? evaluate.thresholds() : null;
        return ask(new Evidence(
                known.wish(), known.vectors(), inputs(next), prompts(done, task), planned, judged, attempt));
    }

    private Optional<Refusal> ask(Evidence evidence) {
        Ruling ruling = policies.ruling(evidence);
        held = ruling.held();
        return ruling.refusal();
    }

    private static @Nullable Inputs inputs(StageTask next) {
        return switch (next) {
            case StageTask.Train train -> train.inputs();
            case StageTask.Evaluate evaluate -> evaluate.inputs();
            case StageTask.Publish publish -> publish.inputs();
            default -> null;
        };
    }

    /** A judgement that may be repeated after a repair asks half of the suite. */
    static @Nullable Integer prompts(StageOutcome.Done done, StageTask task) {
        if (done.figures() instanceof StageFigures.Evaluation figures) {
            return figures.secured().n();
        }
        Integer requests = done.figures() instanceof StageFigures.Data data ? data.requests() : null;
        boolean halved = task instanceof StageTask.Prepare prepare
                && prepare.thresholds() != null
                && prepare.thresholds().repairs();
        return requests == null || !halved ? requests : Integer.valueOf(requests / 2);
    }

    /** As they were written down when the run began: their resources may be others by now. */
    private List<VectorInUse> vectors(StageTask task) {
        ResolvedStatus resolved = recorded == null ? null : recorded.resolved();
        List<VectorInUse> vectors = new ArrayList<>();
        if (resolved == null) {
            return ofTask(task);
        }
        List<ResolvedVector> several = resolved.vectors();
        VectorRef one = resolved.vectorRef();
        if (several != null) {
            several.forEach(each -> vectors.add(new VectorInUse(
                    each.namespace() == null ? namespace : each.namespace(), each.name(), each.digest(), null)));
        } else if (one != null && resolved.vector() != null) {
            vectors.add(new VectorInUse(
                    one.namespace() == null ? namespace : one.namespace(), one.name(), resolved.vector(), null));
        }
        return vectors;
    }

    /** Where the operator died before it had written them down; a volume claim is only reached in its own namespace. */
    private List<VectorInUse> ofTask(StageTask task) {
        VectorInput vector = switch (task) {
            case StageTask.Prepare prepare -> prepare.vector();
            case StageTask.Train train -> train.vector();
            default -> null;
        };
        return vector == null
                ? List.of()
                : vector.all().stream()
                        .map(each -> new VectorInUse(
                                namespace, each.source().uri(), each.digest().value(), null))
                        .toList();
    }
}
