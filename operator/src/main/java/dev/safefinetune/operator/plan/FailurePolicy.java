package dev.safefinetune.operator.plan;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a Job does about a pod that failed.
 *
 * <p>A fault that another try cannot heal ends the Job at once. A pod that its node gave up, or that was asked to end and
 * did, is replaced and not counted. Everything else is tried again, with the job controller's growing pauses, as often as
 * the run's policy allows.
 *
 * <p>A judgement is not rolled like dice: the stages that judge end with the first pod that failed by itself, unless what it
 * states, or the signal that ended it, has nothing to do with what it judges.
 */
public final class FailurePolicy {
    static final String CONTAINER = Names.TRAINER;

    /** 128 and SIGTERM: the pod was asked to end. */
    private static final int ASKED_TO_END = 143;

    private static final Set<Stage> JUDGES = Set.of(Stage.EVALUATE, Stage.ASSESS);

    /** What comes of a pod that ended with an exit code. */
    public enum Consequence {
        /** The Job fails at once, and the run with it. */
        RUN_ENDS,
        /** Another pod takes its place, and no try is counted. */
        REPLACED,
        /** Another pod takes its place as long as the run's policy allows another try. */
        TRIED_AGAIN
    }

    private FailurePolicy() {}

    /** What the Job of a stage does about a pod that its node has not given up. */
    public static Consequence after(Stage stage, int exitCode) {
        if (exitCodes(stage).contains(exitCode)) {
            return Consequence.RUN_ENDS;
        }
        return exitCode == ASKED_TO_END ? Consequence.REPLACED : Consequence.TRIED_AGAIN;
    }

    static PodFailurePolicy of(Stage stage) {
        return new PodFailurePolicyBuilder()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(CONTAINER)
                .withOperator("In")
                .withValues(exitCodes(stage))
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .withNewOnExitCodes()
                .withContainerName(CONTAINER)
                .withOperator("In")
                .withValues(ASKED_TO_END)
                .endOnExitCodes()
                .endRule()
                .build();
    }

    /** Sorted, as the API server asks for. */
    private static List<Integer> exitCodes(Stage stage) {
        return Arrays.stream(Fault.values())
                .filter(fault -> !fault.isRetryable() || fault == Fault.INTERNAL && JUDGES.contains(stage))
                .map(Fault::exitCode)
                .sorted()
                .toList();
    }
}
