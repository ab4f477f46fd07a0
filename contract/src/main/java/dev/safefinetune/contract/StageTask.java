package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
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
    /** The stage that this is the task of. */
    @JsonIgnore
    Stage stage();

    /** The run's own volume. */
    String scratch();

    /** How the stage saves its state; absent where there is none to save. */
    @JsonIgnore
    default @Nullable Checkpointing checkpointing() {
        return null;
    }

    /**
     * A security vector to attach.
     *
     * @param source where it lies
     * @param digest of its adapter, as its resource states it; anything else is refused
     * @param baseDigest of the base model it was trained on; must be the digest of the model at hand
     * @param gateDrop the calibrated threshold of the gate, in nats
     */
    record Vector(Source source, Digest digest, Digest baseDigest, double gateDrop) {
        public Vector {
            Require.present("vector.source", source);
            Require.present("vector.digest", digest);
            Require.present("vector.baseDigest", baseDigest);
            Require.positive("vector.gateDrop", gateDrop);
        }
    }

    /**
     * Fetch, verify, hash and check everything that a user can get wrong, before a GPU is held.
     *
     * @param model the base model's directory
     * @param dataset JSONL with {@code messages}
     * @param validationPercent share of the dataset held out for the validation loss, 0..50
     * @param cooldown trusted benign samples, if a cooldown is wished
     * @param prompts harmful requests of the evaluation, held out
     * @param utility tasks of the evaluation
     * @param vector the vector that training will attach; absent where the policy and the user allow none
     * @param fineTuning for the memory plan and the length check
     * @param output checked for being writable, and empty or from a run that has ended
     */
    record Prepare(
            String scratch,
            Source model,
            Source dataset,
            int validationPercent,
            @Nullable Source cooldown,
            Source prompts,
            @Nullable Source utility,
            @Nullable Vector vector,
            FineTuning fineTuning,
            Target output)
            implements StageTask {
        public Prepare {
            Require.text("prepare.scratch", scratch);
            Require.present("prepare.model", model);
            Require.present("prepare.dataset", dataset);
            Require.range("prepare.validationPercent", validationPercent, 0, 50);
            Require.present("prepare.prompts", prompts);
            Require.present("prepare.fineTuning", fineTuning);
            Require.present("prepare.output", output);
        }

        @Override
        public Stage stage() {
            return Stage.PREPARE;
        }
    }

    /**
     * Fine-tune with the vector attached and frozen.
     *
     * @param inputs digests of what the prepare stage left on the scratch volume
     * @param vector absent where none is used
     * @param cooldownSteps steps on the trusted samples with the vector off, at a quarter of the learning rate; 0 for
     *     none
     * @param controlArm also train the plain fine-tune, so that the report can show what the vector did
     * @param checkpoint how its state is saved; absent in job specs of releases before there were checkpoints, which are
     *     still read after an upgrade
     */
    record Train(
            String scratch,
            Inputs inputs,
            FineTuning fineTuning,
            @Nullable Vector vector,
            Gate gate,
            int cooldownSteps,
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
            Require.present("train.screening", screening);
        }

        @Override
        public Stage stage() {
            return Stage.TRAIN;
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
     */
    record Evaluate(String scratch, Inputs inputs, EvaluationThresholds thresholds, boolean controlArm, long seed)
            implements StageTask {
        public Evaluate {
            Require.text("evaluate.scratch", scratch);
            Require.present("evaluate.inputs", inputs);
            Require.present("evaluate.thresholds", thresholds);
        }

        @Override
        public Stage stage() {
            return Stage.EVALUATE;
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

        @Override
        public Stage stage() {
            return Stage.PUBLISH;
        }
    }

    /**
     * Fetch, verify and hash what a vector is trained from.
     *
     * @param harmful at least 30 samples with a category
     * @param heldOut harmful samples that the vector never sees, for its assessment; absent: a fifth of {@code harmful}
     * @param benign samples whose behaviour is to be kept
     */
    record PrepareVector(
            String scratch,
            Source model,
            Source harmful,
            @Nullable Source heldOut,
            Source benign,
            VectorTraining training,
            Target storage)
            implements StageTask {
        public PrepareVector {
            Require.text("prepareVector.scratch", scratch);
            Require.present("prepareVector.model", model);
            Require.present("prepareVector.harmful", harmful);
            Require.present("prepareVector.benign", benign);
            Require.present("prepareVector.training", training);
            Require.present("prepareVector.storage", storage);
        }

        @Override
        public Stage stage() {
            return Stage.PREPARE_VECTOR;
        }
    }

    /**
     * Train the vector until the model already answers harmfully while it is active.
     *
     * @param checkpoint how its state is saved; absent in job specs of releases before there were checkpoints, which are
     *     still read after an upgrade
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
        public Stage stage() {
            return Stage.TRAIN_VECTOR;
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

        @Override
        public Stage stage() {
            return Stage.ASSESS;
        }
    }

    /** Move the vector to where runs can mount it. */
    record Store(String scratch, Inputs inputs, Target storage) implements StageTask {
        public Store {
            Require.text("store.scratch", scratch);
            Require.present("store.inputs", inputs);
            Require.present("store.storage", storage);
        }

        @Override
        public Stage stage() {
            return Stage.STORE;
        }
    }
}
