package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.ResourcesSpec;
import dev.safefinetune.api.v1alpha1.TrainingStatus;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs that the pods of a run hold which train and evaluate.
 *
 * @param number 0 for none
 * @param resource the name under which the cluster counts them
 * @param origin who says how many
 */
public record Gpus(int number, String resource, Origin origin) {
    /** The trainer computes on GPUs of this domain. */
    private static final String CUDA = "nvidia.com/";

    /** Who says how many GPUs there are. */
    public enum Origin {
        /** The resource's spec. */
        SPEC,
        /** The installation, because the spec leaves it open. */
        INSTALLATION,
        /** The run, whose training has begun. */
        RUN
    }

    /**
     * The GPUs of a run.
     *
     * @param wished what its resource asks for
     * @param installed how many a pod holds where its resource does not say
     * @param begun what its training computes on, whatever the resource and the installation say by now; absent before it
     *     has begun
     */
    public static Gpus of(ResourcesSpec wished, int installed, @Nullable TrainingStatus begun) {
        if (begun != null) {
            return new Gpus(begun.gpus(), begun.gpus() == 0 ? wished.gpuResource() : begun.device(), Origin.RUN);
        }
        Integer number = wished.gpus();
        return number == null
                ? new Gpus(installed, wished.gpuResource(), Origin.INSTALLATION)
                : new Gpus(number, wished.gpuResource(), Origin.SPEC);
    }

    /** Whether the trainer computes on them: pods that hold others compute on processors. */
    public boolean areCuda() {
        return number > 0 && resource.startsWith(CUDA);
    }

    /** Whether the pod of a stage computes on them. */
    public boolean computes(Stage stage) {
        return areCuda() && Stage.ON_GPU.contains(stage);
    }

    /** Their field and its value, as the beginning of a sentence. */
    public String stated() {
        return field() + " is " + value();
    }

    /** The field that says how many there are. */
    String field() {
        return origin == Origin.RUN ? "status.run.training.gpus" : "spec.resources.gpus";
    }

    /** What that field says. */
    String value() {
        return origin == Origin.INSTALLATION
                ? "left out, which means " + number + " here (trainer.gpus of the chart)"
                : Integer.toString(number);
    }

    /** As it stands on the status once training has begun. */
    public TrainingStatus training(Precision precision) {
        return TrainingStatus.of(number, resource, TrainingStatus.name(precision));
    }
}
