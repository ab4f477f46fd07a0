package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.StageFacts;
import dev.safefinetune.operator.observe.StageFacts.SpecFacts;
import dev.safefinetune.operator.plan.Fingerprint;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From stage to stage: the latest stage whose Job exists decides, because it was only made once all before it was in
 * order. What earlier stages stated lives on in the inputs of its job spec.
 */
final class StageWalk {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofMinutes(1);

    private final RunFacts run;
    private final List<Stage> order;

    StageWalk(RunFacts run, List<Stage> order) {
        this.run = run;
        this.order = order;
    }

    /** What follows on a stage that is done. */
    @FunctionalInterface
    interface Successor {
        Decision after(Stage stage, StageOutcome.Done done, StageTask task);
    }

    /** What has become of the stages. */
    Map<Stage, StageOutcome> outcomes() {
        EnumMap<Stage, StageOutcome> outcomes = new EnumMap<>(Stage.class);
        run.stages().forEach((stage, facts) -> outcomes.put(stage, StageOutcome.of(run.identity(), stage, facts)));
        return outcomes;
    }

    /** The decision at the latest stage. */
    Decision from(Stage latest, Successor successor) {
        StageFacts facts = run.stages().get(latest);
        if (facts == null || !order.contains(latest)) {
            throw new IllegalArgumentException("no facts of stage " + latest);
        }
        return switch (StageOutcome.of(run.identity(), latest, facts)) {
            case StageOutcome.AtWork() -> atWork(latest, facts);
            case StageOutcome.Failed(var reason, var message) -> new Decision.Fail(latest, reason, message);
            case StageOutcome.Done done -> onward(latest, facts, done, successor);
        };
    }

    private Decision atWork(Stage stage, StageFacts facts) {
        Hindrance hindrance =
                Hindrance.of(stage, facts, run.unbound(), run.now()).orElse(null);
        return new Decision.AtWork(stage, hindrance, null, hindrance == null ? lookAgain(facts) : null);
    }

    /** A pod that has not started may come to wait without anybody telling. */
    private @Nullable Duration lookAgain(StageFacts facts) {
        if (facts.pods().isEmpty()) {
            Duration age = Duration.between(facts.created(), run.now()).dividedBy(2);
            return age.compareTo(SOON) < 0 ? SOON : age.compareTo(LATER) > 0 ? LATER : age;
        }
        return facts.pods().stream()
                .filter(pod -> pod.phase().equals("Pending"))
                .map(pod -> Duration.between(run.now(), pod.created().plus(Hindrance.UNTIL_STARTED)))
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElse(null);
    }

    private Decision onward(Stage latest, StageFacts facts, StageOutcome.Done done, Successor successor) {
        JobSpec spec;
        try {
            spec = read(facts);
        } catch (IllegalArgumentException e) {
            return new Decision.Fail(
                    latest, Reason.JOB_SPEC_LOST, "the job spec of " + facts.job() + ": " + e.getMessage());
        }
        if (!spec.run().equals(run.identity()) || spec.task().stage() != latest) {
            return new Decision.Fail(
                    latest, Reason.JOB_SPEC_LOST, "the job spec of " + facts.job() + " is of another run or stage");
        }
        try {
            return successor.after(latest, done, spec.task());
        } catch (IllegalArgumentException e) {
            // The contract refuses what the resource asks for, and would at every look: a schema of an older release
            // let it in.
            return new Decision.Fail(latest, Reason.SPEC_INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static JobSpec read(StageFacts facts) {
        SpecFacts spec = facts.spec();
        if (spec == null) {
            throw new IllegalArgumentException("its ConfigMap is gone, or one that can be changed lies in its place");
        }
        // Whoever could exchange it could have had the model judged by other thresholds.
        if (spec.made().isAfter(facts.created())) {
            throw new IllegalArgumentException("its ConfigMap was made after the Job that it was written for");
        }
        String digest = facts.specDigest();
        if (digest != null && !digest.equals(Fingerprint.of(spec.text()).value())) {
            throw new IllegalArgumentException("its ConfigMap does not hold what was written for the Job");
        }
        return ContractJson.read(spec.text(), JobSpec.class);
    }
}
