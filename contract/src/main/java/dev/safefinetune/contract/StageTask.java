package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one stage is to do. All paths are relative to the container's working directory.
 *
 * <p>{@code scratch} is the run's own volume, shared by its stages and by nothing else. The security vector is never on
 * it: the training stage reads the vector from its own mount, and no later stage can see it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "stage")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StageTask.Prepare.class, name = "Prepare"),
    @JsonSubTypes.Type(value = StageTask.Train.class, name = "Train"),
    @JsonSubTypes.Type(value = StageTask.Evaluate.class, name = "Evaluate"),
    @JsonSubTypes.Type(value = StageTask.Publish.class, name = "Publish"),
    @JsonSubTypes.Type(value = StageTask.PrepareVector.class, name = "PrepareVector"),
    @JsonSubTypes.Type(value = StageTask.TrainVector.class, name = "TrainVector"),
    @JsonSubTypes.Type(value = StageTask.Assess.class, name = "Assess"),
    @JsonSubTypes.Type(value = StageTask.Store.class, name = "Store")
})
public sealed interface StageTask {

    /** In what a stage that trains computes; absent of one that does not. */
    default @Nullable Precision precision() {
        return switch (this) {
            case Train train -> train.fineTuning().precision();
            case TrainVector train -> train.training().precision();
            default -> null;
        };
    }

    /** The stage that this is the task of. */
    @JsonIgnore
    default Stage stage() {
        return Stage.of(this);
    }

    /** The run's own volume. */
    String scratch();

    /** One text for one meaning: an empty list is none. */
    private static @Nullable List<ServedSuite> orNone(@Nullable List<ServedSuite> served) {
        return served == null || served.isEmpty() ? null : List.copyOf(served);
    }

    /** How the stage saves its state; absent where there is none to save. */
    @JsonIgnore
    default @Nullable Checkpointing checkpointing() {
        return null;
    }

    /**
     * Fetch, verify, hash and check everything that a user can get wrong, before a GPU is held.
     *
     * @param model the base model's directory
     * @param dataset JSONL
     * @param validationPercent share of the dataset held out for the validation loss, 0..50
     * @param cooldown the user's own trusted samples for the cooldown, if there are any
     * @param prompts harmful requests of the run's own evaluation, held out; further suites come with the vectors; absent where
     *     there are {@code served} ones alone
     * @param utility tasks of the evaluation
     * @param vector the vector that training will attach; absent where the policy and the user allow none
     * @param fineTuning for the memory plan and the length check
     * @param output checked for being writable, and empty or from a run that has ended
     * @param thresholds what the suite must be large enough for; absent in job specs of releases before that was checked
     * @param format of {@code dataset} and {@code cooldown}; messages in job specs of releases that read nothing else
     * @param judge model that reads the answers too; absent where there is none, and in job specs of earlier releases
     * @param served suites of the platform, which the operator serves; absent where there is none
     */
    record Prepare(
            String scratch,
            Source model,
            Source dataset,
            int validationPercent,
            @Nullable Source cooldown,
            @Nullable Source prompts,
            @Nullable Source utility,
            @Nullable VectorInput vector,
            FineTuning fineTuning,
            Target output,
            @Nullable EvaluationThresholds thresholds,
            DatasetFormat format,
            @Nullable JudgeInput judge,
            @Nullable List<ServedSuite> served)
            implements StageTask {
        public Prepare {
            Require.text("prepare.scratch", scratch);
            Require.present("prepare.model", model);
            Require.present("prepare.dataset", dataset);
            Require.range("prepare.validationPercent", validationPercent, 0, 50);
            served = orNone(served);
            if (served == null) {
                Require.present("prepare.prompts", prompts);
            }
            Require.present("prepare.fineTuning", fineTuning);
            Require.present("prepare.output", output);
            format = Objects.requireNonNullElse(format, DatasetFormat.MESSAGES);
        }
    }

    /**
     * Fine-tune with the vector attached and frozen.
     *
     * @param inputs digests of what the prepare stage left on the scratch volume
     * @param vector absent where none is used
     * @param vectorScope which samples the vector is on for; absent in job specs of releases where it was on for all
     * @param anchor holds the model's states; absent where nothing does, and in job specs of releases before there was one
     * @param cooldownSteps steps with the vector off after training; 0 for none
     * @param cooldownLearningRate of those steps; absent: the smaller of a quarter of the learning rate and 5e-4
     * @param controlArm also train the plain fine-tune, so that the report can show what the vector did
     * @param checkpoint how its state is saved; absent in job specs of releases before there were any
     */
    record Train(
            String scratch,
            Inputs inputs,
            FineTuning fineTuning,
            @Nullable VectorInput vector,
            Gate gate,
            @Nullable VectorScope vectorScope,
            @Nullable AnchorSettings anchor,
            int cooldownSteps,
            @Nullable Double cooldownLearningRate,
            ScreeningAction screening,
            boolean controlArm,
            @Nullable Checkpointing checkpoint)
            implements StageTask {
        public Train {
            Require.text("train.scratch", scratch);
            Require.present("train.inputs", inputs);
            Require.present("train.fineTuning", fineTuning);
            Require.present("train.gate", gate);
            Require.range("train.cooldownSteps", cooldownSteps, 0, 100_000);
            if (cooldownLearningRate != null) {
                Require.positive("train.cooldownLearningRate", cooldownLearningRate);
            }
            Require.present("train.screening", screening);
            AnchorSettings.require(anchor, vector);
        }

        @Override
        public @Nullable Checkpointing checkpointing() {
            return checkpoint;
        }
    }

    /**
     * Judge the merged result alone; the vector is not mounted.
     *
     * @param inputs digests of what the earlier stages left on the scratch volume
     * @param controlArm whether a plain fine-tune lies beside the secured one
     * @param refusal where a refused model's report is kept; absent in job specs of releases that kept none
     * @param provenSuites {@link VectorInput#allProvenSuites} of the run's vectors; absent without one
     * @param judge how the judge among the inputs is asked; absent where there is none, and in job specs of earlier releases
     * @param served suites of the platform, as the prepare stage has stated their digests; absent where there is none
     */
    record Evaluate(
            String scratch,
            Inputs inputs,
            EvaluationThresholds thresholds,
            boolean controlArm,
            long seed,
            @Nullable Target refusal,
            @Nullable List<Digest> provenSuites,
            @Nullable JudgeSettings judge,
            @Nullable List<ServedSuite> served)
            implements StageTask {
        public Evaluate {
            Require.text("evaluate.scratch", scratch);
            Require.present("evaluate.inputs", inputs);
            Require.present("evaluate.thresholds", thresholds);
            served = orNone(served);
        }
    }

    /**
     * Reload, compare, write model card and report, and publish. Only made after a Passed verdict.
     *
     * @param inputs digests of what the earlier stages left on the scratch volume, the evaluation's report among them
     */
    record Publish(String scratch, Inputs inputs, PublishedContent content, Target output) implements StageTask {
        public Publish {
            Require.text("publish.scratch", scratch);
            Require.present("publish.inputs", inputs);
            Require.present("publish.content", content);
            Require.present("publish.output", output);
        }

        /** What was judged, in the form that is published, by the names of {@link Inputs}. */
        public String judgedArtifact() {
            return switch (content) {
                case MERGED -> inputs.isRepaired() ? Inputs.REPAIRED : Inputs.SECURED;
                case ADAPTER -> inputs.isRepaired() ? Inputs.REPAIRED_ADAPTER : Inputs.ADAPTER;
            };
        }

        /**
         * The digest of that: nothing else may become visible.
         *
         * @throws IllegalArgumentException where no stage has stated it
         */
        public Digest judged() {
            return inputs.get(judgedArtifact());
        }
    }

    /**
     * Fetch, verify and hash what a vector is trained from.
     *
     * @param harmful at least 30 samples with a category
     * @param heldOut harmful samples that the vector never sees, for its assessment; absent: a fifth to a third of {@code harmful}
     * @param benign samples whose behaviour is to be kept
     * @param suite that the vector is to prove; absent where it has none, and in job specs of releases without proofs
     * @param thresholds what the held-out samples must be enough for; absent in job specs of releases without that check
     */
    record PrepareVector(
            String scratch,
            Source model,
            Source harmful,
            @Nullable Source heldOut,
            Source benign,
            @Nullable SuiteSource suite,
            VectorTraining training,
            Target storage,
            @Nullable ReadinessThresholds thresholds)
            implements StageTask {
        public PrepareVector {
            Require.text("prepareVector.scratch", scratch);
            Require.present("prepareVector.model", model);
            Require.present("prepareVector.harmful", harmful);
            Require.present("prepareVector.benign", benign);
            Require.present("prepareVector.training", training);
            Require.present("prepareVector.storage", storage);
        }
    }

    /**
     * Train the vector until the model already answers harmfully while it is active.
     *
     * @param checkpoint how its state is saved; absent in job specs of releases before there were any
     */
    record TrainVector(
            String scratch,
            Inputs inputs,
            VectorTraining training,
            @Nullable Checkpointing checkpoint) implements StageTask {
        public TrainVector {
            Require.text("trainVector.scratch", scratch);
            Require.present("trainVector.inputs", inputs);
            Require.present("trainVector.training", training);
        }

        @Override
        public @Nullable Checkpointing checkpointing() {
            return checkpoint;
        }
    }

    /** Measure readiness on held-out samples, against a random vector of the same norm, and calibrate the gate. */
    record Assess(String scratch, Inputs inputs, ReadinessThresholds thresholds, long seed) implements StageTask {
        public Assess {
            Require.text("assess.scratch", scratch);
            Require.present("assess.inputs", inputs);
            Require.present("assess.thresholds", thresholds);
        }
    }

    /** Move the vector to where runs can mount it. */
    record Store(String scratch, Inputs inputs, Target storage) implements StageTask {
        public Store {
            Require.text("store.scratch", scratch);
            Require.present("store.inputs", inputs);
            Require.present("store.storage", storage);
        }

        /**
         * The digest of the vector that was assessed: nothing else may become visible.
         *
         * @throws IllegalArgumentException where no stage has stated it
         */
        public Digest judged() {
            return inputs.get(Inputs.VECTOR);
        }
    }
}
