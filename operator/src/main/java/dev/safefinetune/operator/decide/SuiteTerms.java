package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.EvaluationSpec;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.checks.Refusal;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.contract.StageTask;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The suites of the platform that a run is judged by.
 *
 * @param asked by the policies of its namespace, as they are now
 * @param served whether the operator can serve them to a pod
 */
record SuiteTerms(List<ServedSuite> asked, boolean served) {
    private static final String FIELD = "spec.safety.evaluation";

    /**
     * The suite that a run brings; none where neither it nor its vector names one.
     *
     * @param theirs that of its vector
     */
    static @Nullable SuiteSpec own(EvaluationSpec own, @Nullable SuiteSpec theirs) {
        SourceSpec prompts = own.prompts() != null || theirs == null ? own.prompts() : theirs.prompts();
        SourceSpec utility = own.utility() != null || theirs == null ? own.utility() : theirs.utility();
        return prompts == null ? null : new SuiteSpec(prompts, utility);
    }

    /** Why a run does not begin. */
    Optional<Decision> refusal() {
        return asked.isEmpty() || served
                ? Optional.empty()
                : Optional.of(
                        new Decision.Refuse(
                                Reason.SUITE_NOT_ALLOWED,
                                "the policies ask suites of the platform ("
                                        + asked.getFirst().name()
                                        + "), which the operator serves beside progress: safe-fine-tune.progress.url has to be set"));
    }

    /**
     * Why a run does not go on: a policy asks for a suite that it was not prepared for, or not judged by.
     *
     * @param next what would be begun
     * @param task of the stage before it
     */
    Optional<Refusal> refusal(StageTask next, StageTask task) {
        return switch (next) {
            case StageTask.Train train -> unknownTo(train.inputs());
            case StageTask.Evaluate evaluate -> unknownTo(evaluate.inputs()).or(() -> nothingToAsk(evaluate));
            case StageTask.Publish publish ->
                task instanceof StageTask.Evaluate judged
                        ? asked.stream()
                                .filter(suite -> judged.served() == null
                                        || !judged.served().contains(suite))
                                .findFirst()
                                .map(suite -> refused(suite, "was not judged by it"))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Refusal> unknownTo(Inputs prepared) {
        return asked.stream()
                .filter(suite -> !isStated(suite, prepared))
                .findFirst()
                .map(suite -> refused(suite, "was prepared without it"));
    }

    private static boolean isStated(ServedSuite suite, Inputs prepared) {
        for (int k = 1; k <= prepared.count(Inputs.PLATFORM_PROMPTS); k++) {
            Digest utility = prepared.digests().get(Inputs.numbered(Inputs.PLATFORM_UTILITY, k));
            if (prepared.get(Inputs.numbered(Inputs.PLATFORM_PROMPTS, k)).equals(suite.prompts())
                    && Objects.equals(utility, suite.utility())) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Refusal> nothingToAsk(StageTask.Evaluate evaluate) {
        boolean asks = evaluate.served() != null || evaluate.inputs().count(Inputs.PROMPTS) > 0;
        return asks
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Reason.EVALUATION_MISSING,
                        FIELD + ".prompts",
                        "left out",
                        "no policy asks a suite of the platform any more; make the run anew with a suite of its own"));
    }

    private static Refusal refused(ServedSuite suite, String what) {
        return new Refusal(
                Reason.SUITE_NOT_ALLOWED,
                FIELD,
                "a run that " + what,
                "a policy asks the platform's suite " + suite.name() + " (" + suite.prompts()
                        + ") now; make the run anew");
    }
}
