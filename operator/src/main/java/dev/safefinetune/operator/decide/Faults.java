package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.Fault;

/** A trainer's faults as reasons on the resource. */
final class Faults {
    private Faults() {}

    static Reason reason(Fault fault) {
        return switch (fault) {
            case INTERNAL -> Reason.INTERNAL;
            case JOB_SPEC_INVALID -> Reason.JOB_SPEC_INVALID;
            case MODEL_INVALID -> Reason.MODEL_INVALID;
            case DATASET_INVALID -> Reason.DATASET_INVALID;
            case VECTOR_MISMATCH -> Reason.VECTOR_MISMATCH;
            case OUTPUT_NOT_WRITABLE -> Reason.OUTPUT_NOT_WRITABLE;
            case SETTINGS_INVALID -> Reason.SETTINGS_INVALID;
            case DATASET_BLOCKED -> Reason.DATASET_BLOCKED;
            case DIVERGED -> Reason.DIVERGED;
            case ARTIFACT_CHANGED -> Reason.ARTIFACT_CHANGED;
            case NOT_VERIFIED -> Reason.NOT_VERIFIED;
            case PUBLISH_CHECK_FAILED -> Reason.PUBLISH_CHECK_FAILED;
            case STORAGE -> Reason.STORAGE;
            case OUT_OF_MEMORY -> Reason.OUT_OF_MEMORY;
            case NO_USABLE_GPU -> Reason.NO_USABLE_GPU;
        };
    }
}
