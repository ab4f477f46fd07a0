package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Set;

/** One step of a run, executed by one Job. */
public enum Stage {
    PREPARE("Prepare"),
    TRAIN("Train"),
    EVALUATE("Evaluate"),
    PUBLISH("Publish"),
    PREPARE_VECTOR("PrepareVector"),
    TRAIN_VECTOR("TrainVector"),
    ASSESS("Assess"),
    STORE("Store");

    /** The stages of a {@code SafeFineTune} run, in order. */
    public static final List<Stage> FINE_TUNE = List.of(PREPARE, TRAIN, EVALUATE, PUBLISH);

    /** The stages of a {@code SecurityVector} run, in order. */
    public static final List<Stage> VECTOR = List.of(PREPARE_VECTOR, TRAIN_VECTOR, ASSESS, STORE);

    /** The stages whose pods get the GPUs that their resource asks for. */
    public static final Set<Stage> ON_GPU = Set.of(TRAIN, EVALUATE, TRAIN_VECTOR, ASSESS);

    /** The stages that train; what they compute on, the stages after them compute on too. */
    public static final Set<Stage> TRAINING = Set.of(TRAIN, TRAIN_VECTOR);

    /** The stage that a task is of. */
    static Stage of(StageTask task) {
        return switch (task) {
            case StageTask.Prepare ignored -> PREPARE;
            case StageTask.Train ignored -> TRAIN;
            case StageTask.Evaluate ignored -> EVALUATE;
            case StageTask.Publish ignored -> PUBLISH;
            case StageTask.PrepareVector ignored -> PREPARE_VECTOR;
            case StageTask.TrainVector ignored -> TRAIN_VECTOR;
            case StageTask.Assess ignored -> ASSESS;
            case StageTask.Store ignored -> STORE;
        };
    }

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** The name as it stands in JSON and on the resource's status. */
    @JsonValue
    public String text() {
        return text;
    }
}
