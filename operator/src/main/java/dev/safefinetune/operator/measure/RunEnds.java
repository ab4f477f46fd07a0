package dev.safefinetune.operator.measure;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.contract.Fault;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How runs of a kind may end, and why: what the labels of their counters can be.
 *
 * @param kind of the resource
 * @param all reasons by the phase as it is printed
 */
record RunEnds(String kind, Map<String, Set<Reason>> all) {
    /** Whatever the stages do; a fault of a stage has a reason of its own name. */
    private static final Set<Reason> FAILED = faultsAnd(
            Reason.ACTIVE_DEADLINE_EXCEEDED,
            Reason.QUEUE_DEADLINE_EXCEEDED,
            Reason.JOB_LOST,
            Reason.JOB_SPEC_LOST,
            Reason.SPEC_INVALID,
            Reason.EVICTED,
            Reason.RESULT_MISSING,
            Reason.RESULT_UNREADABLE,
            Reason.RESULT_FOREIGN,
            Reason.RESULT_CONTRADICTORY);

    static final RunEnds FINE_TUNE = new RunEnds(
            "SafeFineTune",
            Map.of(
                    RunView.text(FineTunePhase.SUCCEEDED),
                    Set.of(Reason.SUCCEEDED),
                    RunView.text(FineTunePhase.FAILED),
                    with(
                            FAILED,
                            Reason.SAFETY_GATE_REFUSED,
                            Reason.VECTOR_FOR_ANOTHER_BASE,
                            // A policy that is asked again before a later stage.
                            Reason.MODEL_NOT_ALLOWED,
                            Reason.VECTOR_REQUIRED,
                            Reason.COOLDOWN_DATASET_NOT_ALLOWED,
                            Reason.LIMIT_EXCEEDED,
                            Reason.THRESHOLD_LOOSENED),
                    RunView.text(FineTunePhase.REJECTED),
                    EnumSet.of(
                            Reason.SPEC_INVALID,
                            Reason.CUDA_IMAGE_MISSING,
                            Reason.NAME_TOO_LONG,
                            Reason.URI_NOT_SERVED,
                            Reason.OUTPUT_TAKEN,
                            Reason.EVALUATION_MISSING,
                            Reason.MODEL_NOT_ALLOWED,
                            Reason.VECTOR_REQUIRED,
                            Reason.COOLDOWN_DATASET_NOT_ALLOWED,
                            Reason.LIMIT_EXCEEDED,
                            Reason.THRESHOLD_LOOSENED,
                            Reason.VECTOR_NOT_FOUND,
                            Reason.VECTOR_NOT_SHARED,
                            Reason.VECTOR_OUT_OF_REACH,
                            Reason.VECTOR_FOR_ANOTHER_BASE)));

    static final RunEnds VECTOR = new RunEnds(
            "SecurityVector",
            Map.of(
                    RunView.text(VectorPhase.READY),
                    Set.of(Reason.SUCCEEDED),
                    RunView.text(VectorPhase.FAILED),
                    with(FAILED, Reason.VECTOR_REFUSED),
                    RunView.text(VectorPhase.REJECTED),
                    EnumSet.of(
                            Reason.SPEC_INVALID,
                            Reason.CUDA_IMAGE_MISSING,
                            Reason.NAME_TOO_LONG,
                            Reason.URI_NOT_SERVED,
                            Reason.OUTPUT_TAKEN)));

    List<SafetyVerdict> verdicts() {
        return List.of(SafetyVerdict.values());
    }

    /** States in which a stage is over. */
    List<StageState> states() {
        return List.of(StageState.SUCCEEDED, StageState.FAILED);
    }

    private static Set<Reason> faultsAnd(Reason... others) {
        EnumSet<Reason> all = EnumSet.copyOf(List.of(others));
        Arrays.stream(Fault.values()).map(fault -> Reason.valueOf(fault.name())).forEach(all::add);
        return all;
    }

    private static Set<Reason> with(Set<Reason> some, Reason... others) {
        EnumSet<Reason> all = EnumSet.copyOf(some);
        all.addAll(List.of(others));
        return all;
    }
}
