package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why a stage could not be done, with the exit code that says the same where no message survives.
 *
 * <p>The user's faults do not get better by trying again; the others may.
 */
public enum Fault {
    /** A bug, or something nobody foresaw. */
    @JsonProperty("Internal")
    INTERNAL(1, false),
    /** The job spec could not be read or is of another version. */
    @JsonProperty("JobSpecInvalid")
    JOB_SPEC_INVALID(2, false),
    @JsonProperty("ModelInvalid")
    MODEL_INVALID(10, true),
    @JsonProperty("DatasetInvalid")
    DATASET_INVALID(11, true),
    /** The vector is not the one its resource states, or was trained for another base. */
    @JsonProperty("VectorMismatch")
    VECTOR_MISMATCH(12, true),
    @JsonProperty("OutputNotWritable")
    OUTPUT_NOT_WRITABLE(13, true),
    /** Settings that do not fit the model, such as a target module that it does not have. */
    @JsonProperty("SettingsInvalid")
    SETTINGS_INVALID(14, true),
    /** Screening found harmful samples and the action is Block. */
    @JsonProperty("DatasetBlocked")
    DATASET_BLOCKED(15, true),
    /** The loss became infinite or not a number. */
    @JsonProperty("Diverged")
    DIVERGED(16, true),
    /** An artifact on the scratch volume is not what an earlier stage left there. */
    @JsonProperty("ArtifactChanged")
    ARTIFACT_CHANGED(20, false),
    /** Something went wrong while safety was judged: not verified. */
    @JsonProperty("NotVerified")
    NOT_VERIFIED(21, false),
    /** The result does not fit the checkpoint's type; reloaded, it is not what was trained, or holds a tensor of the vector. */
    @JsonProperty("PublishCheckFailed")
    PUBLISH_CHECK_FAILED(22, false),
    /** A read or write failed: disk full, I/O error. */
    @JsonProperty("Storage")
    STORAGE(30, false),
    @JsonProperty("OutOfMemory")
    OUT_OF_MEMORY(31, false),
    /** The pod was given GPUs, and fewer of them, or none, can be used; another node may have them. */
    @JsonProperty("NoUsableGpu")
    NO_USABLE_GPU(32, false);

    private final int exitCode;
    private final boolean user;

    Fault(int exitCode, boolean user) {
        this.exitCode = exitCode;
        this.user = user;
    }

    /** The process's exit code. */
    public int exitCode() {
        return exitCode;
    }

    /** Whether the user has to change something before another try makes sense. */
    public boolean isUsers() {
        return user;
    }

    /**
     * Whether another try, with nothing changed, may end otherwise: a full disk is emptied, memory becomes free,
     * another node's GPU works. What a user has to change, what a check has found, and a trainer that does not fit its
     * operator stay as they are.
     */
    public boolean isRetryable() {
        return switch (this) {
            case INTERNAL, STORAGE, OUT_OF_MEMORY, NO_USABLE_GPU -> true;
            case JOB_SPEC_INVALID,
                    MODEL_INVALID,
                    DATASET_INVALID,
                    VECTOR_MISMATCH,
                    OUTPUT_NOT_WRITABLE,
                    SETTINGS_INVALID,
                    DATASET_BLOCKED,
                    DIVERGED,
                    ARTIFACT_CHANGED,
                    NOT_VERIFIED,
                    PUBLISH_CHECK_FAILED -> false;
        };
    }

    public static Optional<Fault> ofExitCode(int exitCode) {
        return Arrays.stream(values()).filter(f -> f.exitCode == exitCode).findFirst();
    }
}
